--- `nvim --headless -u NONE -l main.lua SERVER [CASE]`: all cases in a Neovim that has the plugin as a native package, and
--- in Neovim 0.10; some of them again as lazy.nvim loads it, and in UTF-16.
local here = vim.fs.dirname(vim.fs.normalize(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p')))
package.path = here .. '/?.lua;' .. package.path
local driver = require('driver')
local cases = require('cases')

local server, only = arg[1], arg[2]
local root = vim.fs.normalize(here .. '/../../..')
local plugin = root .. '/editors/neovim'
local tools = here .. '/../.tools'
local out = here .. '/../out/neovim'
vim.fn.mkdir(out, 'p')

local function copy_tree(from, to)
  vim.fn.mkdir(to, 'p')
  for name, kind in vim.fs.dir(from) do
    if kind == 'directory' and name ~= 'node_modules' then
      copy_tree(from .. '/' .. name, to .. '/' .. name)
    elseif kind == 'file' then
      assert(vim.uv.fs_copyfile(from .. '/' .. name, to .. '/' .. name))
    end
  end
end

local function write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

local UNICODE = table.concat({
  "import { sql } from 'drizzle-orm';",
  "import { db } from '@/lib/db';",
  'export const query = () => db.execute(sql`',
  "  select id, 'naïve 😀'",
  "  /* é 😀 */, '😀é', nope",
  '  from posts`);',
  '',
}, '\r\n')

--- A home of its own, with the sample application and a configuration that loads the plugin.
local function prepare(load)
  local home = vim.fn.tempname() .. '-columnist'
  copy_tree(root .. '/tests/workspaces/blog', home .. '/blog')
  write(home .. '/blog/src/modules/search/api/unicode.ts', UNICODE)
  -- Outside of every project.
  copy_tree(here .. '/../colours', home .. '/colours')
  vim.fn.mkdir(home .. '/bin', 'p')
  assert(vim.uv.fs_symlink(server, home .. '/bin/columnist'))
  write(home .. '/config/nvim/init.lua', load(home))
  return vim.uv.fs_realpath(home)
end

local function config(options)
  return ([[
    vim.opt.rtp:append(%q)
    vim.opt.rtp:append(%q)

    vim.opt.more = false
    -- No message may ask for a key.
    vim.opt.cmdheight = 4
    vim.opt.shortmess:append('IcFsW')
    vim.opt.completeopt = { 'menuone', 'noinsert', 'noselect' }
    vim.g.columnist = vim.tbl_extend('force', { cmd = { %q, 'lsp' } }, %s)
  ]]):format(tools .. '/nvim', here .. '/runtime', server, options or '{}')
end

local function native_package(home)
  vim.fn.mkdir(home .. '/data/nvim/site/pack/columnist/start', 'p')
  assert(vim.uv.fs_symlink(plugin, home .. '/data/nvim/site/pack/columnist/start/columnist'))
  return config()
end

local modes = {
  {
    name = 'a native package',
    load = native_package,
  },
  {
    -- The Neovim that has neither vim.lsp.config nor vim.lsp.enable.
    name = 'a native package in Neovim 0.10',
    nvim = tools .. '/bin/nvim-0.10',
    version = '^NVIM v0%.10%.',
    load = native_package,
  },
  {
    name = 'as lazy.nvim loads it',
    -- lazy.nvim turns packages off, puts the folder on the runtime path and sources its plugin files, after the start
    -- when an event asks for it; then it calls setup with `opts`.
    load = function()
      return config()
        .. ([[
        vim.g.columnist = nil
        vim.o.loadplugins = false
        vim.api.nvim_create_autocmd('FileType', {
          pattern = { 'typescript', 'sql' },
          once = true,
          callback = function()
            vim.opt.rtp:append(%q)
            vim.cmd.source(%q)
            require('columnist').setup({ cmd = { %q, 'lsp' } })
          end,
        })]]):format(plugin, plugin .. '/plugin/columnist.lua', server)
    end,
    only = { 'planted', 'without saving' },
  },
  {
    name = 'in UTF-16',
    load = function()
      local utf16 = "{ capabilities = { general = { positionEncodings = { 'utf-16' } } } }"
      return config(utf16) .. ('vim.opt.rtp:append(%q)'):format(plugin)
    end,
    only = { 'emoji', 'without saving' },
  },
  {
    name = 'without a server',
    load = function()
      return config("{ cmd = { 'no-such-columnist', 'lsp' } }") .. ('vim.opt.rtp:append(%q)'):format(plugin)
    end,
    only = { 'no server' },
  },
}

-- lazy.nvim is in no registry: with a clone of it in COLUMNIST_LAZY it loads what the README tells.
if vim.env.COLUMNIST_LAZY then
  table.insert(modes, {
    name = 'by lazy.nvim itself',
    load = function(home)
      vim.fn.mkdir(home .. '/src', 'p')
      assert(vim.uv.fs_symlink(root, home .. '/src/columnist'))
      local file = assert(io.open(root .. '/README.md', 'r'))
      local spec = file:read('*a'):match('lazy%.nvim:\n\n```lua\n(.-)```')
      file:close()
      assert(spec, 'the README has no configuration of lazy.nvim')
      local lazy = "vim.opt.rtp:prepend(%q) require('lazy').setup({ %s }, { performance = { rtp = { reset = false } } })"
      return config() .. '\nvim.g.columnist = nil\n' .. lazy:format(vim.env.COLUMNIST_LAZY, spec)
    end,
  })
end

local function is_wanted(mode, case)
  if only and not case.name:find(only, 1, true) then
    return false
  end
  if not mode.only then
    return not case.special
  end
  return vim.iter(mode.only):any(function(it)
    return case.name:find(it, 1, true) ~= nil
  end)
end

local passed, failed = 0, 0
for idx, mode in ipairs(modes) do
  local home = prepare(mode.load)
  local nvim = driver.start({
    nvim = mode.nvim or vim.v.progpath,
    dir = home .. '/blog',
    home = home,
    args = {},
    env = {
      HOME = home,
      PATH = home .. '/bin:' .. vim.env.PATH,
      XDG_CONFIG_HOME = home .. '/config',
      XDG_DATA_HOME = home .. '/data',
      XDG_STATE_HOME = home .. '/state',
      XDG_CACHE_HOME = home .. '/cache',
      XDG_RUNTIME_DIR = home,
      TERM = 'xterm-256color',
    },
  })
  local version = nvim:lua([[return vim.fn.execute('version')]]):match('NVIM [^\n]+')
  driver.say(('-- %s: %s'):format(mode.name, version))
  assert(version:find(mode.version or '^NVIM v0%.11%.'), version)
  for _, case in ipairs(cases) do
    if is_wanted(mode, case) then
      local start = vim.uv.hrtime()
      local ok, err = xpcall(case.run, debug.traceback, nvim)
      local ms = math.floor((vim.uv.hrtime() - start) / 1e6)
      if ok then
        passed = passed + 1
        driver.say(('ok      %s (%d ms)'):format(case.name, ms))
      else
        failed = failed + 1
        driver.say(('FAILED  %s (%d ms)\n%s'):format(case.name, ms, err))
        pcall(nvim.picture, nvim, ('%s/failed-%d-%d.html'):format(out, idx, failed))
        local _, messages = pcall(nvim.lua, nvim, [[return vim.fn.execute('messages')]])
        driver.say('messages: ' .. tostring(messages))
        pcall(nvim.keys, nvim, '<Esc><Esc>')
        pcall(nvim.lua, nvim, [[vim.cmd('silent! %bwipeout!')]])
      end
    end
  end
  if idx == 1 then
    pcall(function()
      nvim:open('src/modules/planted-mistakes/api/index.ts')
      nvim:lua([[vim.treesitter.start() vim.diagnostic.config({ virtual_text = true }) vim.cmd.colorscheme('default')]])
      nvim:await('diagnostics', function()
        return #nvim:diagnostics('src/modules/planted-mistakes/api/index.ts') == 10
      end)
      nvim:picture(out .. '/planted.html')
    end)
  end
  local ok, err = pcall(nvim.stop, nvim)
  if not ok then
    failed = failed + 1
    driver.say('FAILED  ' .. tostring(err))
  end
  vim.fn.delete(home, 'rf')
end
driver.say(('%d passed, %d failed'):format(passed, failed))
vim.cmd(('cquit %d'):format(failed == 0 and passed > 0 and 0 or 1))
