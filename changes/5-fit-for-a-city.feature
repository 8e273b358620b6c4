真实城市带着示例账号、明文传输或弱密钥时拒绝启动；每个页面的安全响应头都有检查。 A real city refuses to start unfit; every page's security headers are checked.
