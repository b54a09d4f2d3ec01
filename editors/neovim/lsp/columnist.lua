-- For `vim.lsp.enable('columnist')` of Neovim 0.11 and later.
return require('columnist').native_config()
