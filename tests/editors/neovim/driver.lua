--- Runs one Neovim in a terminal of its own and drives it as a person does, by keys, over RPC.
local M = {}
M.__index = M

local function say(...)
  io.stdout:write(table.concat(vim.tbl_map(tostring, { ... }), ' ') .. '\n')
  io.stdout:flush()
end
M.say = say

--- Starts Neovim on `opts.dir` with `opts.env`, and the arguments that load the plugin.
function M.start(opts)
  local self = setmetatable({ dir = opts.dir }, M)
  local socket = opts.home .. '/nvim.sock'
  local cmd = vim.list_extend({ opts.nvim, '-n', '--listen', socket }, opts.args)
  self.job = vim.fn.jobstart(cmd, { pty = true, width = 120, height = 40, cwd = opts.dir, env = opts.env })
  assert(self.job > 0, 'nvim did not start')
  local connected = vim.wait(10000, function()
    if not vim.uv.fs_stat(socket) then
      return false
    end
    local ok, channel = pcall(vim.fn.sockconnect, 'pipe', socket, { rpc = true })
    self.channel = ok and channel > 0 and channel or nil
    return self.channel ~= nil
  end, 20)
  assert(connected, 'nvim did not answer')
  self:await('the end of its start', function()
    return self:lua('return vim.v.vim_did_enter == 1')
  end)
  return self
end

function M:stop()
  pcall(vim.fn.rpcnotify, self.channel, 'nvim_command', 'qall!')
  if vim.fn.jobwait({ self.job }, 5000)[1] == -1 then
    vim.fn.jobstop(self.job)
    error('nvim did not end')
  end
end

--- Runs a piece of Lua inside, with arguments as `...`; what it returns.
function M:lua(code, ...)
  -- A message that waits for a key holds up every answer: after a while it gets one.
  local timer = vim.uv.new_timer()
  timer:start(4000, 1000, function()
    vim.rpcnotify(self.channel, 'nvim_input', '<CR>')
  end)
  local ok, result = pcall(vim.fn.rpcrequest, self.channel, 'nvim_exec_lua', code, { ... })
  timer:stop()
  timer:close()
  if not ok then
    error(result, 2)
  end
  return result
end

--- Presses keys, in the notation of mappings, and lets Neovim do what they ask.
function M:keys(keys)
  vim.fn.rpcrequest(self.channel, 'nvim_input', keys)
  -- An answer that needs the main loop comes behind the keys.
  self:lua('return 1')
end

--- Calls until the answer is truthy.
function M:await(what, probe, timeout)
  local last
  local done = vim.wait(timeout or 10000, function()
    local ok, value = pcall(probe)
    last = value
    return ok and value ~= vim.NIL and value
  end, 20)
  if not done then
    error(('waited for %s; last: %s'):format(what, vim.inspect(last)), 2)
  end
  return last
end

function M:open(file)
  self:lua('vim.cmd.edit({ vim.fn.fnameescape(...) })', self.dir .. '/' .. file)
end

--- Puts the cursor `at` characters of bytes behind the first place that holds `needle`.
function M:to(needle, at)
  local found = self:lua(
    [[
    local needle, at = ...
    for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      local start = line:find(needle, 1, true)
      if start then
        vim.api.nvim_win_set_cursor(0, { row, start - 1 + at })
        return true
      end
    end]],
    needle,
    at or 0
  )
  assert(found == true, 'nowhere: ' .. needle)
end

--- Columnist's diagnostics of a file: `{ line, code, text }`, lines from 1; text is what the range holds.
function M:diagnostics(file)
  return self:lua(
    [[
    local bufnr = vim.fn.bufnr(vim.fn.fnameescape(...))
    if bufnr < 0 then
      return {}
    end
    vim.fn.bufload(bufnr)
    local res = {}
    for _, it in ipairs(vim.diagnostic.get(bufnr)) do
      local ok, lines = pcall(vim.api.nvim_buf_get_text, bufnr, it.lnum, it.col, it.end_lnum, it.end_col, {})
      table.insert(res, { line = it.lnum + 1, code = it.code, text = ok and table.concat(lines, '\n') or '?', message = it.message })
    end
    table.sort(res, function(a, b)
      return a.line < b.line
    end)
    return res]],
    self.dir .. '/' .. file
  )
end

function M:line()
  return self:lua('return vim.api.nvim_get_current_line()')
end

--- Keeps what the window shows, in its colours.
function M:picture(path)
  self:lua(
    [[
    vim.cmd.redraw()
    local html = require('tohtml').tohtml(0, { font = 'DejaVu Sans Mono', number_lines = true })
    vim.fn.writefile(html, (...))]],
    path
  )
end

return M
