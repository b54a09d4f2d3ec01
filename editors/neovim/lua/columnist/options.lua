--- What the user chose: `vim.g.columnist` or the argument of `setup`, over the defaults.
local M = {}

---@class columnist.Options
---@field cmd string[] command line of the server
---@field filetypes string[]
---@field settings table what follows `columnist.` in the documentation of the settings, nested
---@field capabilities? table laid over those of Neovim, as completion plugins give them
---@field on_attach? fun(client: vim.lsp.Client, bufnr: integer)
---@field root_dir? fun(path: string): string? the folder to be read for a file; nil for none
---@field autostart boolean
---@field completion boolean complete while typing, with Neovim's own completion (0.11 or later)
---@field restarts integer how often in three minutes a server that died is started again
local defaults = {
  cmd = { 'columnist', 'lsp' },
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'sql' },
  settings = {},
  autostart = true,
  completion = false,
  restarts = 4,
}

local without_default = { capabilities = true, on_attach = true, root_dir = true }

---@type table?
local given

--- Takes the user's table; a misspelt option would otherwise be passed over in silence.
---@param options? table
function M.set(options)
  given = options or {}
  local problem = M.problem()
  if problem then
    error('columnist: ' .. problem, 0)
  end
end

--- What is wrong with what the user chose.
---@return string?
function M.problem()
  for name, value in pairs(given or vim.g.columnist or {}) do
    local default = defaults[name]
    if default == nil and not without_default[name] then
      return ('there is no option %q, see :help columnist-options'):format(name)
    end
    if default ~= nil and type(value) ~= type(default) then
      return ('the option %s must be a %s, not a %s'):format(name, type(default), type(value))
    end
  end
end

---@return columnist.Options
function M.get()
  return vim.tbl_extend('force', defaults, given or vim.g.columnist or {})
end

return M
