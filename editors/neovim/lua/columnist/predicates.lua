--- The predicates of queries/*/injections.scm.
local M = {}

--- The node of the predicate's capture: 0.10 and later give lists of nodes.
local function captured(match, id)
  local it = match[id]
  return type(it) == 'table' and it[#it] or it
end

--- At most so many lines of a type argument are read.
local MAX_LINES = 30

--- Whether `sql<T>` stands before a template.
local function is_typed_sql(node, source)
  local row, col, start = node:start()
  local before
  if type(source) == 'number' then
    local lines = vim.api.nvim_buf_get_text(source, math.max(0, row - MAX_LINES), 0, row, col, {})
    before = table.concat(lines, '\n')
  else
    before = source:sub(math.max(1, start - 2000), start)
  end
  if not before:find('>%s*$') then
    return false
  end
  -- The arrows of function types close no bracket.
  before = before:gsub('=>', '  ')
  return before:find('%f[%w_$]sql%s*%b<>%s*$') ~= nil
end

--- Whether a string is a definition inside `type(…)` or `scope(…)`: an argument, or a value or element in one.
local function is_arktype(node, source)
  local child, parent = node, node:parent()
  while parent do
    local kind = parent:type()
    if kind == 'pair' then
      if not parent:field('value')[1]:equal(child) then
        return false
      end
    elseif kind == 'arguments' then
      local call = parent:parent()
      local callee = call and call:field('function')[1]
      local name = callee and callee:type() == 'identifier' and vim.treesitter.get_node_text(callee, source)
      return name == 'type' or name == 'scope'
    elseif kind ~= 'object' and kind ~= 'array' then
      return false
    end
    child, parent = parent, parent:parent()
  end
  return false
end

function M.add()
  -- How this Neovim takes several captures of what is injected.
  local pieces = vim.fn.has('nvim-0.11') == 1 and 'joined' or 'single'
  vim.treesitter.query.add_predicate('columnist-pieces?', function(_, _, _, predicate)
    return predicate[2] == pieces
  end, { force = true, all = true })
  for name, holds in pairs({ ['columnist-typed-sql?'] = is_typed_sql, ['columnist-arktype?'] = is_arktype }) do
    vim.treesitter.query.add_predicate(name, function(match, _, source, predicate)
      local node = captured(match, predicate[2])
      return node ~= nil and holds(node, source)
    end, { force = true, all = true })
  end
end

return M
