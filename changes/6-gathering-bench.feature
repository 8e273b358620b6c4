make bench ONLY=gathering：一千万行人员数据归集入湖，与 DuckDB 直接转换比。 make bench ONLY=gathering: ten million persons into the lake beside DuckDB's plain conversion.
