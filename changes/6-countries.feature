世界各国和地区名称代码（GB/T 2659.1）随系统提供，中文名称取自 Unicode CLDR 48.2（Unicode 许可）。 Country codes (GB/T 2659.1) come with the house, Chinese names from Unicode CLDR 48.2 (Unicode licence).
