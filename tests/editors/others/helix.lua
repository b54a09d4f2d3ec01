--- `nvim --headless -u NONE -l helix.lua SERVER HX`: Helix with the configuration of the README, in a terminal (which is a
--- buffer of the Neovim that runs this), used by its keys.
local here = vim.fs.dirname(vim.fs.normalize(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p')))
local root = vim.fs.normalize(here .. '/../../..')
local out = here .. '/../out/helix'
local server, hx = arg[1], arg[2]

local PLANTED = 'src/modules/planted-mistakes/api/index.ts'
local COMMENTS = 'src/modules/comments/api/index.ts'
local REPORTS = 'src/modules/reports/api/index.ts'
local POSTS = 'src/lib/db/schemas/posts.ts'
local UNICODE = 'src/modules/search/api/unicode.ts'

local COLUMNS, LINES = 150, 40

local function say(text)
  io.stdout:write(text .. '\n')
  io.stdout:flush()
end

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

local function write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

--- A home with the README's block as Helix's configuration, the sample application, and the server on the PATH.
local function prepare()
  local home = vim.fn.tempname() .. '-columnist'
  vim.fn.mkdir(home .. '/bin', 'p')
  assert(vim.uv.fs_symlink(server, home .. '/bin/columnist'))
  local block = read(root .. '/README.md'):match('%*%*Helix%*%*.-```toml\n(.-)```')
  assert(block, 'the README has no configuration of Helix')
  write(home .. '/config/helix/languages.toml', block)
  -- A file that changes under Helix would ask; nothing else differs from what Helix does by itself.
  write(home .. '/config/helix/config.toml', '[editor]\nauto-save = false\n')
  local copied = vim.system({ 'cp', '-r', root .. '/tests/workspaces/blog', home .. '/blog' }):wait()
  assert(copied.code == 0, copied.stderr)
  vim.fn.delete(home .. '/blog/node_modules', 'rf')
  local lines = {
    "import { sql } from 'drizzle-orm';",
    "import { db } from '@/lib/db';",
    'export const query = () => db.execute(sql`',
    "  select id, 'naïve 😀'",
    "  /* é 😀 */, '😀é', nope",
    '  from posts`);',
    '',
  }
  write(home .. '/blog/' .. UNICODE, table.concat(lines, '\r\n'))
  return vim.uv.fs_realpath(home)
end

local home = prepare()
local env = {
  HOME = home,
  XDG_CONFIG_HOME = home .. '/config',
  XDG_CACHE_HOME = home .. '/cache',
  PATH = home .. '/bin:' .. vim.env.PATH,
  TERM = 'xterm-256color',
  COLORTERM = 'truecolor',
}

local Helix = {}
local current
Helix.__index = Helix

--- Helix on a file.
function Helix.open(file)
  local self = setmetatable({}, Helix)
  self.buffer = vim.api.nvim_create_buf(false, true)
  local place = { relative = 'editor', row = 0, col = 0, width = COLUMNS, height = LINES }
  self.window = vim.api.nvim_open_win(self.buffer, true, place)
  self.job = vim.fn.jobstart({ hx, file }, {
    term = true,
    cwd = home .. '/blog',
    env = env,
    on_exit = function(_, code)
      self.code = code
    end,
  })
  assert(self.job > 0, 'Helix did not start')
  current = self
  self:see(vim.fs.basename(file))
  return self
end

function Helix:screen()
  return table.concat(vim.api.nvim_buf_get_lines(self.buffer, 0, -1, false), '\n')
end

--- Waits until the screen shows a text, or with `gone` until it does not.
function Helix:see(text, gone)
  local seen = vim.wait(20000, function()
    return (self:screen():find(text, 1, true) == nil) == (gone or false)
  end, 20)
  if not seen then
    error(('waited for %s%q; the screen:\n%s'):format(gone and 'the end of ' or '', text, self:screen()), 2)
  end
end

--- Presses keys in the notation of Neovim's mappings; a pause lets what they ask for begin.
function Helix:keys(...)
  for _, keys in ipairs({ ... }) do
    vim.fn.chansend(self.job, vim.keycode(keys))
    vim.wait(60)
  end
end

function Helix:picture(name)
  vim.fn.mkdir(out, 'p')
  write(('%s/%s.txt'):format(out, name), self:screen() .. '\n')
end

function Helix:stop()
  vim.fn.jobstop(self.job)
  vim.api.nvim_win_close(self.window, true)
end

--- Leaves as a person does; what was not saved is lost.
function Helix:leave()
  self:keys('<Esc>', ':qa!', '<CR>')
  vim.wait(5000, function()
    return self.code ~= nil
  end, 20)
  local code = self.code
  self:stop()
  assert(code == 0, ('Helix ended with %s'):format(code))
end

local cases = {}
local function case(name, run)
  table.insert(cases, { name = name, run = run })
end

case('hx --health finds the server of the configuration', function()
  for _, language in ipairs({ 'typescript', 'tsx', 'sql' }) do
    local told = vim.system({ hx, '--health', language }, { env = env, text = true }):wait()
    local line = told.stdout:match('[^\n]*columnist[^\n]*')
    assert(line and line:find(home .. '/bin/columnist', 1, true), told.stdout .. told.stderr)
  end
end)

case('the planted mistakes are there, at their places', function()
  local helix = Helix.open(PLANTED)
  helix:see('● 9')
  helix:keys(']d')
  helix:see('column "headline" does not exist')
  helix:see('13:59')
  helix:picture('planted')
  -- The list of all diagnostics of the file.
  helix:keys('<Space>d')
  for _, code in ipairs({ 'undefined-table', 'ambiguous-column', 'syntax-error', 'missing-required-column' }) do
    helix:see(code)
  end
  helix:see('10/10')
  helix:picture('diagnostics')
  helix:keys('<Esc>')
  helix:leave()
end)

case('a wrong column is told without saving, and mended by the offered fix', function()
  local helix = Helix.open(COMMENTS)
  helix:keys('/u\\.name', '<CR>', 'a', 's', '<Esc>')
  helix:see('u.names as author')
  helix:see('column u.names does not exist')
  helix:see('[+]')
  helix:keys('<Space>a')
  helix:see('Change to name')
  helix:picture('quick-fix')
  helix:keys('<CR>')
  helix:see('u.name as author')
  helix:see('does not exist', true)
  helix:leave()
end)

case('a column is completed in half-typed SQL', function()
  local helix = Helix.open(REPORTS)
  helix:keys('/latest\\.created_at', '<CR>', 'a', ', p.view')
  helix:see('view_count')
  helix:picture('completion')
  helix:keys('<C-n>', '<CR>', '<Esc>')
  helix:see('latest.created_at, p.view_count')
  helix:leave()
end)

case('hover, and from SQL to the property of the schema', function()
  local helix = Helix.open(REPORTS)
  helix:keys('/p\\.view', '<CR>')
  helix:keys('<Space>k')
  helix:see('integer')
  helix:picture('hover')
  helix:keys('<Esc>', 'gd')
  -- The column has a further place, in a migration: Helix lists both, the schema first.
  helix:see('posts.ts')
  helix:picture('definitions')
  helix:keys('<CR>')
  helix:see('viewCount: integer')
  helix:see(POSTS)
  helix:leave()
end)

case('a column renamed in the unsaved schema makes its queries wrong at once', function()
  local helix = Helix.open(REPORTS)
  helix:keys(':open ' .. POSTS, '<CR>', '/viewCount', '<CR>', 'a', 's', '<Esc>')
  helix:see('viewCounts: integer')
  helix:keys(':open ' .. REPORTS, '<CR>', '/p\\.view_count', '<CR>')
  helix:see('column p.view_count does not exist')
  helix:picture('schema-renamed')
  helix:leave()
end)

case('é, emoji and CRLF: places are right', function()
  local helix = Helix.open(UNICODE)
  helix:see('nope')
  helix:see('● 1')
  -- What the next diagnostic selects is replaced.
  helix:keys(']d')
  helix:see('column "nope" does not exist')
  helix:keys('c', 'title', '<Esc>')
  helix:see("/* é 😀 */, '😀é', title")
  helix:see('does not exist', true)
  helix:keys(':w', '<CR>')
  helix:see('written')
  local text = read(home .. '/blog/' .. UNICODE)
  assert(text:find("/* é 😀 */, '😀é', title\r\n", 1, true), text)
  helix:leave()
end)

vim.o.columns, vim.o.lines = COLUMNS, LINES + 2
vim.wait(50)
local passed, failed = 0, 0
for idx, it in ipairs(cases) do
  local start = vim.uv.hrtime()
  local ok, err = xpcall(it.run, debug.traceback)
  local ms = math.floor((vim.uv.hrtime() - start) / 1e6)
  if ok then
    passed = passed + 1
    say(('ok      Helix: %s (%d ms)'):format(it.name, ms))
  else
    failed = failed + 1
    say(('FAILED  Helix: %s (%d ms)\n%s'):format(it.name, ms, err))
    local log = home .. '/cache/helix/helix.log'
    say('log: ' .. (vim.uv.fs_stat(log) and read(log):sub(-3000) or 'none'))
    write(('%s/failed-%d.txt'):format(out, idx), tostring(err))
    if current and not current.code then
      current:stop()
    end
  end
end
vim.fn.delete(home, 'rf')
say(('%d passed, %d failed'):format(passed, failed))
vim.cmd(('cquit %d'):format(failed == 0 and passed > 0 and 0 or 1))
