--- The command of code lenses: a terminal with a command line that the user runs by pressing Enter.
local M = {}

--- Types a command line into a terminal in a folder; runs nothing.
---@param line string
---@param folder? string
function M.open(line, folder)
  -- One line: a line break would be Enter.
  if type(line) ~= 'string' or line:find('[\r\n]') then
    return
  end
  vim.cmd('botright new')
  local options = { cwd = type(folder) == 'string' and vim.fn.isdirectory(folder) == 1 and folder or nil }
  local job
  if vim.fn.has('nvim-0.11') == 1 then
    options.term = true
    job = vim.fn.jobstart({ vim.o.shell }, options)
  else
    job = vim.fn.termopen({ vim.o.shell }, next(options) and options or vim.empty_dict())
  end
  if job > 0 then
    -- Typed before the shell has its prompt, the line would be shown twice.
    local bufnr = vim.api.nvim_get_current_buf()
    vim.wait(1000, function()
      return vim.trim(table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '')) ~= ''
    end, 20)
    vim.api.nvim_chan_send(job, line)
    vim.cmd.startinsert()
  end
end

return M
