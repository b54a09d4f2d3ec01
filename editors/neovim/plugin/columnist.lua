-- Loaded by Neovim itself; starts the server unless `vim.g.columnist` says `autostart = false` or `setup` was called.
if vim.g.loaded_columnist then
  return
end
vim.g.loaded_columnist = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify('Columnist needs Neovim 0.10 or later', vim.log.levels.ERROR)
  return
end

require('columnist.predicates').add()

local commands = {
  restart = function()
    require('columnist').restart()
  end,
  start = function()
    require('columnist').restart()
  end,
  stop = function()
    require('columnist').stop()
  end,
  schema = function()
    require('columnist.pages').schema()
  end,
  coverage = function()
    require('columnist.pages').coverage()
  end,
  status = function()
    local line = require('columnist').status()
    vim.notify(line ~= '' and line or 'columnist: no server runs for this file')
  end,
  log = function()
    vim.cmd.split({ vim.fn.fnameescape(vim.lsp.get_log_path()) })
  end,
}

vim.api.nvim_create_user_command('Columnist', function(args)
  local command = commands[args.args]
  if command then
    command()
  else
    local known = table.concat(vim.fn.sort(vim.tbl_keys(commands)), ', ')
    vim.notify(('Columnist: no command %q; there are %s'):format(args.args, known), vim.log.levels.ERROR)
  end
end, {
  nargs = 1,
  desc = 'Columnist: restart, start, stop, schema, coverage, status, log',
  complete = function(lead)
    return vim.tbl_filter(function(it)
      return vim.startswith(it, lead)
    end, vim.fn.sort(vim.tbl_keys(commands)))
  end,
})

vim.api.nvim_create_autocmd('BufReadCmd', {
  group = vim.api.nvim_create_augroup('columnist-pages', {}),
  pattern = 'columnist://*',
  callback = function(args)
    require('columnist.pages').read(args.buf, args.match)
  end,
})

-- After the user's own files, so that a `setup` there comes first.
local function autostart()
  if not vim.g.columnist_enabled then
    require('columnist').enable()
  end
end
if vim.v.vim_did_enter == 1 then
  vim.schedule(autostart)
else
  vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = autostart })
end
