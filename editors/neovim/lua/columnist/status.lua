--- The words of a status line.
local M = {}

local function plural(n, one, many)
  return ('%d %s'):format(n, n == 1 and one or many)
end

--- `status` is the last `columnist/status`, nil before the first.
---@return string
function M.line(status)
  if not status then
    return 'columnist: starting'
  end
  if status.state ~= 'ready' then
    return ('columnist: reading %s'):format(plural(status.files, 'file', 'files'))
  end
  local tables = plural(status.tables, 'table', 'tables')
  return ('columnist: %s, %s'):format(tables, plural(status.problems, 'problem', 'problems'))
end

return M
