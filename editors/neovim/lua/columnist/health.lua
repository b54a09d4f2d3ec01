--- `:checkhealth columnist`
local M = {}

local function check_server()
  local health = vim.health
  local cmd = require('columnist.options').get().cmd
  if vim.fn.executable(cmd[1]) == 0 then
    health.error(('the server %q cannot be run'):format(cmd[1]), {
      'Install it: cargo install --path . in a clone of Columnist.',
      'Or name it: vim.g.columnist = { cmd = { "/path/to/columnist", "lsp" } }',
    })
    return
  end
  local path = vim.fn.exepath(cmd[1])
  local ok, result = pcall(function()
    return vim.system({ path, '--version' }, { text = true, timeout = 5000 }):wait()
  end)
  if not ok or result.code ~= 0 then
    local why = not ok and tostring(result) or vim.trim((result.stderr or '') .. (' (code %d)'):format(result.code))
    health.error(('%s does not start: %s'):format(path, why))
    return
  end
  health.ok(('%s: %s'):format(path, vim.trim(result.stdout)))
end

local function check_clients()
  local health = vim.health
  local clients = require('columnist').clients()
  if #clients == 0 then
    health.warn('no server runs', { 'Open a TypeScript, JavaScript or SQL file of a project, then check again.' })
  end
  for _, client in ipairs(clients) do
    local buffers = #vim.lsp.get_buffers_by_client_id(client.id)
    local status = require('columnist.status').line(require('columnist').raw_status(client.id))
    health.ok(('a server reads %s for %d open file(s); %s'):format(client.root_dir or '?', buffers, status))
  end
end

local function check_parsers()
  local health = vim.health
  for _, language in ipairs({ 'typescript', 'tsx', 'javascript', 'sql' }) do
    if pcall(vim.treesitter.language.inspect, language) then
      health.ok(('the tree-sitter parser of %s is there'):format(language))
    else
      health.info(('no tree-sitter parser of %s: SQL in templates is not coloured there'):format(language))
    end
  end
end

function M.check()
  local health = vim.health
  health.start('Columnist: Neovim')
  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim 0.10 or later is needed')
    return
  end
  health.ok(('Neovim %s'):format(tostring(vim.version())))
  local problem = require('columnist.options').problem()
  if problem then
    health.error(problem)
  end
  health.start('Columnist: server')
  check_server()
  check_clients()
  health.start('Columnist: colours')
  check_parsers()
  health.start('Columnist: watched files')
  if vim.fn.has('linux') == 0 or vim.fn.executable('inotifywait') == 1 then
    health.ok('files that change outside of Neovim are seen at once')
  else
    local advice = 'Install inotify-tools, or run :Columnist restart after switching branches.'
    health.info('inotifywait is not installed: files that change outside of Neovim are not seen. ' .. advice)
  end
end

return M
