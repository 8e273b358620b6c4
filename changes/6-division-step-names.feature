归集里“地址换成区划代码”这一步，按县选范围时也认得社区、村的简称和曾用名。 Gathering’s step from address to division knows short and former names of a county’s communities and villages.
