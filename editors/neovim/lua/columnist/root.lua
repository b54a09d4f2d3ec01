--- Which folder the server reads for a file.
local M = {}

local function has_workspaces(path)
  local file = io.open(path, 'r')
  if not file then
    return false
  end
  local text = file:read('*a')
  file:close()
  return text:find('"workspaces"%s*:') ~= nil
end

--- The nearest folder upward that holds `columnist.json`; else the package manager's workspace, for a schema and its
--- queries may be in different packages; else the nearest folder with a `drizzle.config.*`, else the repository.
---@param path string
---@return string?
function M.find(path)
  local start = path ~= '' and path or vim.uv.cwd() or '.'
  local nearest = vim.fs.root(start, 'columnist.json')
  if nearest then
    return nearest
  end
  local repository = vim.fs.root(start, '.git')
  local workspace = vim.fs.root(start, function(name, dir)
    if name == 'pnpm-workspace.yaml' then
      return true
    end
    return name == 'package.json' and has_workspaces(vim.fs.joinpath(dir, name))
  end)
  if workspace and (not repository or vim.startswith(workspace, repository)) then
    return workspace
  end
  local drizzle = vim.fs.root(start, function(name)
    return name:match('^drizzle%.config%.') ~= nil or name:match('^drizzle[%.-].*config%.[cm]?[jt]s$') ~= nil
  end)
  return drizzle or repository
end

return M
