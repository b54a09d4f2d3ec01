--- Read-only documents of the server's own (`columnist://…`), and the schema.
local M = {}

local function fill(bufnr, text, filetype)
  -- The buffer may have gone while the server was asked.
  if not vim.api.nvim_buf_is_valid(bufnr) then
    return
  end
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  vim.bo[bufnr].modifiable = true
  vim.bo[bufnr].readonly = false
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].swapfile = false
  vim.bo[bufnr].modified = false
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype
end

local function filetype_of(uri)
  return uri:match('%.md$') and 'markdown' or uri:match('%.json$') and 'json' or 'sql'
end

--- Reads a document of the server's own into a buffer; waits for it, for the jump that opens it goes on to a line.
function M.read(bufnr, uri)
  local client = require('columnist').clients()[1]
  if not client then
    fill(bufnr, '-- No server of Columnist runs.', 'sql')
    return
  end
  local ask = client.request_sync
  -- Neovim complains of a request for a buffer that the server does not know, as the new one.
  local known = next(client.attached_buffers)
  local response, err
  if vim.fn.has('nvim-0.11') == 1 then
    response, err = ask(client, 'workspace/textDocumentContent', { uri = uri }, 5000, known)
  else
    response, err = ask('workspace/textDocumentContent', { uri = uri }, 5000, known)
  end
  local result = response and response.result
  if not result or result == vim.NIL then
    local why = response and response.err and response.err.message or err or 'it has no such document'
    fill(bufnr, '-- The server gave no text: ' .. why, 'sql')
    return
  end
  fill(bufnr, result.text, filetype_of(uri))
end

--- Opens the schema of the file's database as the server understood it.
function M.schema()
  require('columnist').request('columnist/schema', { uri = vim.uri_from_bufnr(0) }, function(result)
    vim.cmd.split({ vim.fn.fnameescape(result.uri) })
  end)
end

--- Lists what was not checked in the file, with the reasons, in the location list.
function M.coverage()
  local bufnr = vim.api.nvim_get_current_buf()
  require('columnist').request('columnist/coverage', { uri = vim.uri_from_bufnr(bufnr) }, function(result)
    local items = vim.tbl_map(function(it)
      local start = it.range.start
      return { bufnr = bufnr, lnum = start.line + 1, col = start.character + 1, text = it.reason .. ': ' .. it.detail }
    end, result.skipped)
    vim.fn.setloclist(0, {}, ' ', { title = 'Columnist: not checked', items = items })
    if #items == 0 then
      vim.notify(('Columnist: all %d pieces of SQL were checked'):format(result.checked))
    else
      vim.cmd.lopen()
    end
  end)
end

return M
