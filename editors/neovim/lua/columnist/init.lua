--- The client of `columnist lsp`. Everything here is optional: without `setup` the plugin starts by itself.
local options = require('columnist.options')
local root = require('columnist.root')

local M = {}

-- Statuses by client id, as `columnist/status` tells them.
local statuses = {}
-- When servers died, in milliseconds of `vim.uv.now()`.
local deaths = {}
local told_missing = false

local function notify(message, level)
  -- Later: told inside of an autocommand, an error would end what the user was doing.
  vim.schedule(function()
    vim.notify('Columnist: ' .. message, level or vim.log.levels.INFO)
  end)
end

--- Whether Neovim itself starts servers (0.11 and later).
local function is_native()
  return vim.lsp.config ~= nil and vim.lsp.enable ~= nil
end

---@param path string
local function find_root(path)
  local chosen = options.get().root_dir
  if chosen then
    return chosen(path)
  end
  return root.find(path)
end

--- Says once that there is no server, and what to do.
---@return boolean
local function has_server()
  local program = options.get().cmd[1]
  if vim.fn.executable(program) == 1 then
    return true
  end
  if not told_missing then
    told_missing = true
    notify(('%s cannot be run, see :checkhealth columnist'):format(program), vim.log.levels.ERROR)
  end
  return false
end

local function is_ours(bufnr)
  return vim.bo[bufnr].buftype == '' and vim.tbl_contains(options.get().filetypes, vim.bo[bufnr].filetype)
end

--- The folder to be read for a buffer, nil where no server is wanted: for buffers of other plugins too.
local function wanted_root(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if is_ours(bufnr) and not name:match('^%a[%w+.-]*://') then
    return find_root(name)
  end
end

--- Starts the server for a buffer where Neovim does not do it itself.
local function start_for(bufnr)
  local dir = wanted_root(bufnr)
  if dir and has_server() then
    vim.lsp.start(vim.tbl_extend('force', M.client_config(), { root_dir = dir }), { bufnr = bufnr })
  end
end

--- Starts the server for every open buffer that wants one.
local function start_all()
  if is_native() then
    vim.lsp.enable('columnist')
    return
  end
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) then
      start_for(bufnr)
    end
  end
end

--- Calls once Neovim has forgotten a client, a little after its end: 0.10 would take it for one that runs.
local function once_gone(client_id, run)
  if not vim.lsp.get_client_by_id(client_id) then
    return run()
  end
  vim.defer_fn(function()
    once_gone(client_id, run)
  end, 10)
end

--- A server that ended by itself is started again, a few times in three minutes.
local function on_exit(code, signal, client_id)
  statuses[client_id] = nil
  -- Neovim ends servers by `exit` (code 0) or SIGTERM; neither is a death.
  if vim.v.exiting ~= vim.NIL or (code == 0 and signal == 0) or signal == 15 or code == 143 then
    return
  end
  vim.schedule(function()
    local now = vim.uv.now()
    deaths = vim.tbl_filter(function(it)
      return now - it < 180000
    end, deaths)
    table.insert(deaths, now)
    local how = signal ~= 0 and ('by signal %d'):format(signal) or ('with code %d'):format(code)
    if #deaths > options.get().restarts then
      local message = 'the server ended %s, %d times in three minutes; see :Columnist log'
      notify(message:format(how, #deaths), vim.log.levels.ERROR)
      return
    end
    notify(('the server ended %s and is started again'):format(how), vim.log.levels.WARN)
    once_gone(client_id, start_all)
  end)
end

--- The configuration of the client, as `vim.lsp.start` and `vim.lsp.config` take it; without a root.
---@return vim.lsp.ClientConfig
function M.client_config()
  local chosen = options.get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  -- Documents of the server's own, which BufReadCmd below asks for.
  capabilities.workspace.textDocumentContent = { dynamicRegistration = false }
  -- Asked for nothing, the server publishes: at once for every file that an edit concerns. Neovim 0.11 would ask for the
  -- edited file alone, and nil would not take the capability away.
  capabilities.textDocument.diagnostic = vim.NIL
  -- Neovim watches no files on Linux unless asked to, for without inotifywait it would walk all folders.
  if vim.fn.executable('inotifywait') == 1 then
    capabilities.workspace.didChangeWatchedFiles = { dynamicRegistration = true, relativePatternSupport = true }
  end
  return {
    name = 'columnist',
    cmd = chosen.cmd,
    filetypes = chosen.filetypes,
    capabilities = vim.tbl_deep_extend('force', capabilities, chosen.capabilities or {}),
    settings = { columnist = chosen.settings },
    init_options = chosen.settings,
    on_exit = on_exit,
    commands = {
      ['columnist.openTerminal'] = function(command)
        require('columnist.terminal').open(unpack(command.arguments or {}))
      end,
    },
    on_attach = function(client, bufnr)
      if chosen.completion and vim.lsp.completion then
        vim.lsp.completion.enable(true, client.id, bufnr, { autotrigger = true })
      end
      if chosen.on_attach then
        chosen.on_attach(client, bufnr)
      end
    end,
    handlers = {
      ['columnist/status'] = function(_, status, ctx)
        statuses[ctx.client_id] = status
        vim.api.nvim_exec_autocmds('User', { pattern = 'ColumnistStatus', modeline = false, data = status })
      end,
    },
  }
end

--- The configuration for `vim.lsp.enable`, which finds the root by itself.
function M.native_config()
  local res = M.client_config()
  res.root_dir = function(bufnr, on_dir)
    local dir = wanted_root(bufnr)
    if dir and has_server() then
      on_dir(dir)
    end
  end
  return res
end

--- Chooses options (see `:help columnist-options`) and starts the server where it is wanted.
---@param opts? table
function M.setup(opts)
  options.set(opts)
  M.enable()
end

--- Starts the server for the files that are open or will be opened.
function M.enable()
  vim.g.columnist_enabled = true
  if not options.get().autostart then
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('columnist', {}),
    pattern = options.get().filetypes,
    callback = function(args)
      if not is_native() then
        start_for(args.buf)
      elseif wanted_root(args.buf) then
        -- Neovim itself starts no program that is not there, and says nothing.
        has_server()
      end
    end,
  })
  if is_native() then
    vim.lsp.config('columnist', M.native_config())
  end
  start_all()
end

---@return vim.lsp.Client[]
function M.clients(bufnr)
  return vim.lsp.get_clients({ name = 'columnist', bufnr = bufnr })
end

function M.stop()
  if is_native() then
    vim.lsp.enable('columnist', false)
  end
  vim.lsp.stop_client(M.clients())
end

--- Ends the servers and starts them again; also after they died too often.
function M.restart()
  deaths, told_missing = {}, false
  M.stop()
  local gone = function()
    return #M.clients() == 0
  end
  -- A server that does not end in time is ended by force.
  if not vim.wait(3000, gone, 20) then
    vim.lsp.stop_client(M.clients(), true)
    vim.wait(1000, gone, 20)
  end
  if is_native() then
    vim.lsp.config('columnist', M.native_config())
  end
  start_all()
end

--- What the server last said of itself for a client, or nil.
function M.raw_status(client_id)
  local client = M.clients()[1]
  return statuses[client_id or client and client.id]
end

--- One short line for a status line: `columnist: 14 tables, 10 problems`; empty where no server runs.
---@param bufnr? integer
---@return string
function M.status(bufnr)
  local client = M.clients(bufnr or 0)[1]
  if not client then
    return ''
  end
  return require('columnist.status').line(statuses[client.id])
end

--- Asks the first server that runs; on_result gets what it answered.
function M.request(method, params, on_result)
  local client = M.clients(0)[1] or M.clients()[1]
  if not client then
    notify('no server runs; open a file of a project, or see :checkhealth columnist', vim.log.levels.WARN)
    return
  end
  local handler = function(err, result)
    if err then
      notify(err.message or vim.inspect(err), vim.log.levels.ERROR)
    elseif result == nil or result == vim.NIL then
      notify('this file belongs to no database', vim.log.levels.WARN)
    else
      on_result(result)
    end
  end
  -- Neovim 0.11 made methods of what were functions.
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, handler)
  else
    client.request(method, params, handler)
  end
end

return M
