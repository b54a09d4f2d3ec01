--- What is done in Neovim, and what must follow.
local PLANTED = 'src/modules/planted-mistakes/api/index.ts'
local COMMENTS = 'src/modules/comments/api/index.ts'
local REPORTS = 'src/modules/reports/api/index.ts'
local POSTS = 'src/lib/db/schemas/posts.ts'

local function expect(got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    error(('%s:\n  got    %s\n  wanted %s'):format(what or 'differs', vim.inspect(got), vim.inspect(wanted)), 2)
  end
end

local function is_clean(nvim, file)
  return function()
    local all = nvim:diagnostics(file)
    return #all == 0 or nil
  end
end

--- The diagnostics of a file, once there are so many.
local function await_diagnostics(nvim, file, n, timeout)
  return nvim:await(('%d diagnostics in %s'):format(n, file), function()
    local all = nvim:diagnostics(file)
    return #all == n and all or error(vim.inspect(all))
  end, timeout)
end

local function await_server(nvim)
  nvim:await('a server that has read the workspace', function()
    return nvim:lua([[
      local client = require('columnist').clients()[1]
      local status = client and require('columnist').raw_status(client.id)
      return status ~= nil and status.state == 'ready']])
  end, 20000)
end

local cases = {}
local function case(name, run)
  table.insert(cases, { name = name, run = run })
end

case('the planted mistakes are there, at their places', function(nvim)
  nvim:open(PLANTED)
  await_server(nvim)
  local all = await_diagnostics(nvim, PLANTED, 10, 20000)
  local got = vim.tbl_map(function(it)
    return { it.line, it.code }
  end, all)
  expect(got, {
    { 13, 'undefined-column' },
    { 19, 'undefined-table' },
    { 29, 'undefined-column' },
    { 40, 'undefined-function' },
    { 48, 'invalid-text-representation' },
    { 57, 'ambiguous-column' },
    { 66, 'syntax-error' },
    { 75, 'grouping-error' },
    { 84, 'missing-required-column' },
    { 92, 'undefined-function' },
  })
  expect(all[1].text, 'headline')
  expect(all[2].text, 'post_likes')
  expect(all[3].text, 'author.username')
  expect(all[6].text, 'created_at')
end)

case('a file that is closed and opened again has its problems', function(nvim)
  nvim:open(COMMENTS)
  nvim:lua('vim.cmd.bwipeout({ (...), bang = true })', nvim.dir .. '/' .. PLANTED)
  nvim:open(PLANTED)
  await_diagnostics(nvim, PLANTED, 10)
end)

case('the root is the folder of drizzle.config.ts, and the status line tells of it', function(nvim)
  expect(nvim:lua([[return require('columnist').clients()[1].root_dir]]), nvim.dir)
  local line = nvim:lua([[return require('columnist').status()]])
  assert(line:match('^columnist: %d+ tables, %d+ problems$'), line)
end)

case('a wrong column is told without saving, and mended by the offered fix', function(nvim)
  nvim:open(COMMENTS)
  nvim:await('a clean file', is_clean(nvim, COMMENTS))
  nvim:to('u.name as author', #'u.name')
  nvim:keys('is<Esc>')
  assert(nvim:line():find('u.names as author', 1, true), nvim:line())
  local all = await_diagnostics(nvim, COMMENTS, 1)
  expect(all[1].code, 'undefined-column')
  assert(all[1].text:find('names', 1, true), all[1].text)
  assert(nvim:lua('return vim.bo.modified'), 'nothing was saved')
  nvim:to('names as author')
  nvim:lua([[
    vim.lsp.buf.code_action({
      apply = true,
      context = { only = { 'quickfix' }, diagnostics = {} },
      filter = function(it) return it.title:find('name', 1, true) ~= nil and it.isPreferred ~= false end,
    })]])
  nvim:await('the fix', function()
    return nvim:line():find('u.name as author', 1, true)
  end)
  nvim:await('a clean file', is_clean(nvim, COMMENTS))
  nvim:keys('<Esc>')
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case('a column is completed in half-typed SQL', function(nvim)
  nvim:open(REPORTS)
  nvim:await('a clean file', is_clean(nvim, REPORTS))
  nvim:to('latest.created_at', 0)
  nvim:keys('A, p.vie')
  nvim:keys('<C-x><C-o>')
  local words = nvim:await('completions', function()
    local items = nvim:lua([[return vim.fn.complete_info({ 'items', 'pum_visible' })]])
    return items.pum_visible == 1 and #items.items > 0 and items.items
  end)
  local word = vim.tbl_filter(function(it)
    return it.word == 'view_count'
  end, words)
  assert(#word == 1, vim.inspect(words))
  -- The first one stands under the cursor's hand.
  nvim:keys('<C-n>')
  nvim:keys('<C-y><Esc>')
  assert(nvim:line():find('latest.created_at, p.view_count', 1, true), nvim:line())
  nvim:await('a clean file', is_clean(nvim, REPORTS))
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case('hover tells a column and its type', function(nvim)
  nvim:open(REPORTS)
  await_server(nvim)
  nvim:to('p.view_count', #'p.vi')
  local text = nvim:await('a hover', function()
    nvim:lua('vim.lsp.buf.hover()')
    vim.wait(300)
    return nvim:lua([[
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(win).relative ~= '' then
          return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false), '\n')
        end
      end]])
  end)
  assert(type(text) == 'string', 'nothing to tell')
  assert(text:find('view_count', 1, true) and text:find('integer', 1, true), text)
  nvim:keys('<Esc>')
  nvim:lua([[vim.cmd('fclose!')]])
end)

case('from SQL to the property of the schema, and back through the references', function(nvim)
  nvim:open(REPORTS)
  await_server(nvim)
  nvim:to('p.view_count', #'p.vi')
  nvim:lua([[vim.lsp.buf.declaration()]])
  nvim:await('the schema', function()
    return vim.endswith(nvim:lua('return vim.api.nvim_buf_get_name(0)'), POSTS)
  end)
  assert(nvim:line():find('viewCount: integer', 1, true), nvim:line())
  -- The definition has a further place, in a migration: Neovim lists both.
  nvim:open(REPORTS)
  nvim:to('p.view_count', #'p.vi')
  nvim:lua([[vim.lsp.buf.definition({ on_list = function(it) vim.g.definitions = it.items end })]])
  local definitions = nvim:await('definitions', function()
    return nvim:lua('return vim.g.definitions')
  end)
  assert(
    vim.iter(definitions):any(function(it)
      return vim.endswith(it.filename, POSTS) and it.text:find('viewCount: integer', 1, true)
    end),
    vim.inspect(definitions)
  )
  nvim:open(POSTS)
  nvim:to('viewCount: integer', 2)
  nvim:lua([[vim.lsp.buf.references({ includeDeclaration = false })]])
  local places = nvim:await('references', function()
    local list = nvim:lua([[
      return vim.tbl_map(function(it)
        return { file = vim.api.nvim_buf_get_name(it.bufnr), line = it.lnum }
      end, vim.fn.getqflist())]])
    return #list > 1 and list
  end)
  local files = {}
  for _, it in ipairs(places) do
    files[it.file:sub(#nvim.dir + 2)] = true
  end
  assert(files[REPORTS], 'SQL in a template: ' .. vim.inspect(files))
  assert(files[PLANTED], 'a hole: ' .. vim.inspect(files))
  nvim:lua([[
    for idx, it in ipairs(vim.fn.getqflist()) do
      if vim.api.nvim_buf_get_name(it.bufnr) == (...) then
        vim.cmd.cc({ count = idx })
        break
      end
    end]], nvim.dir .. '/' .. REPORTS)
  assert(nvim:line():find('view_count', 1, true), nvim:line())
  nvim:lua('vim.cmd.cclose()')
end)

case('a column renamed in the unsaved schema makes its queries wrong at once', function(nvim)
  nvim:open(REPORTS)
  await_server(nvim)
  nvim:open(POSTS)
  nvim:to('viewCount: integer', #'viewCount')
  nvim:keys('is<Esc>')
  local all = nvim:await('a query that is wrong', function()
    local all = nvim:diagnostics(REPORTS)
    return #all > 0 and all
  end)
  expect(all[1].code, 'undefined-column')
  assert(all[1].text:find('view_count', 1, true), all[1].text)
  nvim:keys('u')
  nvim:await('a clean file', is_clean(nvim, REPORTS))
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case('a schema that no migration holds yet: its code lens types the command that would write one', function(nvim)
  nvim:open(POSTS)
  await_server(nvim)
  nvim:to('viewCount: integer', #'viewCount')
  nvim:keys('ier<Esc>')
  local lens = nvim:await('a code lens', function()
    return nvim:lua([[
      local client = require('columnist').clients(0)[1]
      local params = { textDocument = { uri = vim.uri_from_bufnr(0) } }
      local ask, method = client.request_sync, 'textDocument/codeLens'
      local response
      if vim.fn.has('nvim-0.11') == 1 then
        response = ask(client, method, params, 5000, 0)
      else
        response = ask(method, params, 5000, 0)
      end
      for _, it in ipairs(response and response.result or {}) do
        if it.command.command == 'columnist.openTerminal' then return it end
      end]])
  end)
  assert(lens.command.title:find('in no migration yet', 1, true), lens.command.title)
  nvim:lua(
    [[
    local lens = ...
    local client = require('columnist').clients(0)[1]
    if vim.fn.has('nvim-0.11') == 1 then
      client:exec_cmd(lens.command, { bufnr = 0 })
    else
      client.commands[lens.command.command](lens.command, {})
    end]],
    lens
  )
  expect(nvim:lua('return vim.bo.buftype'), 'terminal')
  local text = nvim:await('the command line', function()
    local text = nvim:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]])
    return text:find('npm run db:generate', 1, true) and text
  end)
  -- It was not run: npm would have said so.
  vim.wait(1000)
  text = nvim:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]])
  assert(not text:find('npm error', 1, true) and not text:find('\n> ', 1, true), text)
  nvim:keys([[<C-\><C-n>]])
  nvim:lua('vim.cmd.bwipeout({ bang = true })')
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case('a built-in opens as a read-only document', function(nvim)
  nvim:open(REPORTS)
  await_server(nvim)
  nvim:to('dense_rank()', 3)
  nvim:lua('vim.lsp.buf.definition()')
  local name = nvim:await('a document', function()
    local name = nvim:lua('return vim.api.nvim_buf_get_name(0)')
    return vim.startswith(name, 'columnist://') and name
  end)
  assert(name:find('pg_catalog', 1, true), name)
  nvim:await('its text', function()
    return nvim:line():find('dense_rank', 1, true)
  end)
  expect(nvim:lua('return { vim.bo.modifiable, vim.bo.filetype }'), { false, 'sql' })
end)

case('the schema is shown', function(nvim)
  nvim:open(REPORTS)
  await_server(nvim)
  nvim:lua([[vim.cmd.Columnist('schema')]])
  nvim:await('the schema', function()
    return vim.startswith(nvim:lua('return vim.api.nvim_buf_get_name(0)'), 'columnist://schema/')
  end)
  nvim:await('its text', function()
    local text = nvim:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]])
    return text:lower():find('create table', 1, true) and text:find('view_count', 1, true)
  end)
  nvim:lua('vim.cmd.close()')
end)

case('é, emoji and CRLF: places are right', function(nvim)
  local file = 'src/modules/search/api/unicode.ts'
  nvim:open(file)
  expect(nvim:lua('return vim.bo.fileformat'), 'dos')
  local all = await_diagnostics(nvim, file, 1)
  expect({ all[1].line, all[1].text }, { 5, 'nope' })
  -- Typed behind the emoji, on the same line and the next.
  nvim:to('nope', 0)
  nvim:keys('i😀é<Esc>u')
  nvim:to('naïve', 0)
  nvim:keys('A as "é😀", nada<Esc>')
  all = await_diagnostics(nvim, file, 2)
  expect(vim.tbl_map(function(it)
    return { it.line, it.text }
  end, all), { { 4, 'nada' }, { 5, 'nope' } })
  nvim:to('nope', 0)
  nvim:keys('cwtitle<Esc>')
  all = await_diagnostics(nvim, file, 1)
  expect({ all[1].line, all[1].text }, { 4, 'nada' })
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case('JavaScript, TSX, JSX and SQL files are served', function(nvim)
  local template = {
    "import { sql } from 'drizzle-orm';",
    "import { db } from '@/lib/db';",
    'await db.execute(sql`select nope from posts`);',
  }
  for extension, lines in pairs({ js = template, jsx = template, tsx = template, sql = { 'select nope from posts;' } }) do
    local file = 'src/modules/search/api/any.' .. extension
    nvim:open(file)
    nvim:lua('vim.api.nvim_buf_set_lines(0, 0, -1, false, ...)', lines)
    local all = await_diagnostics(nvim, file, 1)
    expect(all[1].text, 'nope', extension)
    nvim:lua('vim.cmd.bwipeout({ bang = true })')
  end
end)

case('a server that is killed is started again', function(nvim)
  nvim:open(COMMENTS)
  nvim:await('a clean file', is_clean(nvim, COMMENTS))
  local before = nvim:lua([[
    local client = require('columnist').clients()[1]
    return { id = client.id, pid = client.rpc.pid or vim.tbl_get(client, 'rpc', 'handle', 'pid') }]])
  local pid = before.pid or nvim:lua([[
    local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
    for _, it in ipairs(children) do
      local proc = vim.api.nvim_get_proc(it)
      if proc and proc.name:find('columnist', 1, true) then return it end
    end]])
  assert(type(pid) == 'number', 'the server has a process: ' .. vim.inspect(pid))
  -- What was typed and not saved is known to the new server too.
  nvim:to('u.name as author', #'u.name')
  nvim:keys('is<Esc>')
  await_diagnostics(nvim, COMMENTS, 1)
  vim.uv.kill(pid, 'sigkill')
  nvim:await('another server', function()
    return nvim:lua(
      [[
      local client = require('columnist').clients(0)[1]
      return client ~= nil and client.id ~= (...)]],
      before.id
    )
  end)
  await_server(nvim)
  await_diagnostics(nvim, COMMENTS, 1)
  nvim:keys('u')
  nvim:await('a clean file', is_clean(nvim, COMMENTS))
  nvim:lua('vim.cmd.edit({ bang = true })')
end)

case(':Columnist restart starts another server', function(nvim)
  nvim:open(PLANTED)
  local before = nvim:lua([[return require('columnist').clients(0)[1].id]])
  nvim:lua([[vim.cmd.Columnist('restart')]])
  nvim:await('another server', function()
    return nvim:lua([[
      local client = require('columnist').clients(0)[1]
      return client ~= nil and client.id ~= (...)]], before)
  end)
  await_server(nvim)
  await_diagnostics(nvim, PLANTED, 10)
end)

case(':Columnist coverage, status, stop and start', function(nvim)
  nvim:open(PLANTED)
  await_server(nvim)
  nvim:lua([[vim.cmd.Columnist('coverage')]])
  nvim:await('the list', function()
    return nvim:lua([[return vim.fn.getloclist(0, { title = 0 }).title]]) == 'Columnist: not checked'
  end)
  nvim:lua([[vim.cmd.Columnist('status')]])
  local messages = nvim:lua([[return vim.fn.execute('messages')]])
  assert(messages:find('columnist: %d+ tables, %d+ problem'), messages)
  local n = function()
    return nvim:lua([[return #require('columnist').clients()]])
  end
  nvim:lua([[vim.cmd.Columnist('stop')]])
  nvim:await('no server', function()
    return n() == 0
  end)
  nvim:lua([[vim.cmd.Columnist('start')]])
  await_server(nvim)
  expect(n(), 1)
  await_diagnostics(nvim, PLANTED, 10)
end)

case('the root: columnist.json, a workspace, drizzle.config, .git; else none', function(nvim)
  local top = vim.fs.dirname(nvim.dir) .. '/roots'
  local found = nvim:lua(
    [[
    local top = ...
    local write = function(path, text)
      vim.fn.mkdir(vim.fs.dirname(top .. path), 'p')
      vim.fn.writefile({ text }, top .. path)
    end
    local find = function(path) return require('columnist.root').find(top .. path) or 'none' end
    local res = {}
    write('/a/src/x.ts', '')
    table.insert(res, find('/a/src/x.ts'))
    vim.fn.mkdir(top .. '/a/.git', 'p')
    table.insert(res, find('/a/src/x.ts'))
    write('/a/app/drizzle.config.ts', '')
    table.insert(res, find('/a/app/src/x.ts'))
    write('/a/app/deep/columnist.json', '{}')
    table.insert(res, find('/a/app/deep/src/x.ts'))
    write('/a/package.json', '{ "workspaces": ["app"] }')
    table.insert(res, find('/a/app/src/x.ts'))
    return res]],
    top
  )
  expect(found, { 'none', top .. '/a', top .. '/a/app', top .. '/a/app/deep', top .. '/a' })
end)

case('SQL in templates and definitions are coloured', function(nvim)
  nvim:open(PLANTED)
  nvim:lua([[vim.treesitter.start()]])
  local at = function(needle, offset)
    nvim:to(needle, offset)
    return nvim:lua([[
      vim.treesitter.get_parser():parse(true)
      local row, col = unpack(vim.api.nvim_win_get_cursor(0))
      local tree = vim.treesitter.get_parser():language_for_range({ row - 1, col, row - 1, col + 1 })
      return tree:lang()]])
  end
  expect(at('select id, headline', 0), 'sql')
  expect(at('${posts.viewCount} =', 4), 'typescript')
  expect(at('} = ${posts', 2), 'sql')
  expect(at('upper(author', 0), 'sql', 'sql<string>`…`')
  nvim:to('select id, headline', 0)
  local captures = nvim:lua([[
    return vim.tbl_map(function(it)
      return it.lang .. ':' .. it.capture
    end, vim.treesitter.get_captures_at_pos(0, vim.fn.line('.') - 1, vim.fn.col('.') - 1))]])
  assert(vim.tbl_contains(captures, 'sql:keyword'), vim.inspect(captures))
  nvim:open('src/modules/posts/validators/index.ts')
  nvim:lua([[vim.treesitter.start()]])
  local lang = nvim:lua([[
    local parser = vim.treesitter.get_parser()
    parser:parse(true)
    local n = 0
    for lang, child in pairs(parser:children()) do
      if lang == 'typescript' then n = n + #child:trees() end
    end
    return n]])
  assert(lang >= 10, ('%s definitions'):format(lang))
end)

-- What of other languages is in the files whose TextMate colours are tested too; `¦` stands for a hole or before an escape.
local PIECES = {
  ['statements.ts'] = {
    table.concat({
      'sql: ',
      [[  with recent as (select p.id, "p"."title" from ¦ p where p.created_at > now() - interval '7 days')]],
      [[  select count(*)::int, 1.5e3, $1 -- as in ¦]],
      [[  from recent /* one /* two */ still */ where x <> 'it''s ¦' and y = $$plain$$]],
      '',
    }, '\n'),
    'sql: coalesce(¦, 0)::numeric(10, 2)',
    'sql: select json_agg(¦)',
    'sql:  ',
    'sql: desc',
    'sql: asc',
    'sql: select id from users',
    'sql: select 1',
    'sql: create or replace view "users" as select type',
    'sql: ::uuid',
    'sql: , ',
    [[sql: select '¦\`¦' || E'¦\\¦n', ¦\u{41}]],
  },
  ['arktype.ts'] = {
    'typescript: string.email',
    'typescript: 0 < string <= 100',
    [[typescript: 'draft' | 'published' | null]],
    'typescript: number.integer >= 1 = 1',
    'typescript: string[] <= 40',
    [[typescript: Date > d'2024-01-01']],
    'typescript: string',
    'typescript: =',
    'typescript: none',
    'typescript: string#code & /^[A-Z]{3}$/',
    'typescript: unknown',
    'typescript: string',
    'typescript: User[]',
  },
  ['component.tsx'] = {
    'sql: select count(*) from ¦ where id = ',
    [[sql: select 'a']],
    'typescript: string',
  },
  ['script.js'] = {
    'sql: select id from users where name = ¦ -- all',
    'sql: delete from users',
    'typescript: string.uuid | number',
  },
  ['component.jsx'] = { 'sql: select ¦::text', 'typescript: string > 3', 'sql: select 1' },
}

--- The same as Neovim 0.10 takes them: each piece by itself, without escapes.
local function single(all)
  local res = {}
  for _, it in ipairs(all) do
    local lang, text = it:match('^(%a+): (.*)$')
    for _, piece in ipairs(vim.split(text, '¦', { plain = true })) do
      if piece ~= '' and not vim.startswith(piece, '\\') then
        table.insert(res, lang .. ': ' .. piece)
      end
    end
  end
  return res
end

case('in TypeScript, TSX, JavaScript and JSX', function(nvim)
  for file, wanted in pairs(PIECES) do
    nvim:lua('vim.cmd.edit(...)', vim.fs.dirname(nvim.dir) .. '/colours/' .. file)
    local pieces = nvim:lua([[
      -- As nvim-treesitter does.
      vim.treesitter.language.register('tsx', 'typescriptreact')
      vim.treesitter.language.register('javascript', 'javascriptreact')
      vim.treesitter.start()
      local parser = vim.treesitter.get_parser()
      parser:parse(true)
      local res = {}
      parser:for_each_tree(function(tree, its)
        if its == parser then return end
        local pieces, first = {}, nil
        for _, it in ipairs(tree:included_ranges(false)) do
          first = first or it
          local lines = vim.api.nvim_buf_get_text(0, it[1], it[2], it[3], it[4], {})
          table.insert(pieces, table.concat(lines, '\n'))
        end
        table.insert(res, { first[1], first[2], its:lang() .. ': ' .. table.concat(pieces, '¦') })
      end)
      table.sort(res, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
      return vim.tbl_map(function(it) return it[3] end, res)]])
    if nvim:lua([[return vim.fn.has('nvim-0.11')]]) == 0 then
      wanted = single(wanted)
      table.sort(wanted)
      table.sort(pieces)
    end
    expect(pieces, wanted, file)
    nvim:lua('vim.cmd.bwipeout({ bang = true })')
  end
end)

case(':checkhealth columnist is content', function(nvim)
  nvim:open(PLANTED)
  nvim:lua([[vim.cmd.checkhealth('columnist')]])
  local text = nvim:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]])
  assert(not text:find('ERROR', 1, true), text)
  assert(text:find('a server reads', 1, true), text)
  nvim:lua('vim.cmd.bwipeout({ bang = true })')
end)

case('an option that does not exist is refused', function(nvim)
  local problem = nvim:lua([[
    local ok, err = pcall(require('columnist').setup, { filetype = {} })
    require('columnist.options').set(vim.g.columnist)
    return { ok, err }]])
  expect(problem[1], false)
  assert(problem[2]:find('filetype', 1, true) and problem[2]:find('columnist-options', 1, true), problem[2])
end)

case('no server: it is said once, and what to do', function(nvim)
  nvim:open(PLANTED)
  nvim:open(REPORTS)
  local messages = nvim:await('a message', function()
    local messages = nvim:lua([[return vim.fn.execute('messages')]])
    return messages:find('no-such-columnist', 1, true) and messages
  end)
  assert(messages:find('checkhealth columnist', 1, true), messages)
  local _, n = messages:gsub('no%-such%-columnist', '')
  expect(n, 1)
  nvim:lua([[vim.cmd.checkhealth('columnist')]])
  local text = nvim:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]])
  assert(text:find('ERROR', 1, true) and text:find('cannot be run', 1, true), text)
end)
cases[#cases].special = true

case(':help columnist', function(nvim)
  nvim:lua([[vim.cmd.helptags('ALL')]])
  for _, tag in ipairs({ 'columnist', 'columnist-options', ':Columnist', 'columnist-health' }) do
    nvim:lua('vim.cmd.help(...)', tag)
    assert(nvim:lua('return vim.fn.expand("%:t")') == 'columnist.txt', tag)
  end
  nvim:lua('vim.cmd.helpclose()')
end)

return cases
