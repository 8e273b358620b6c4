The basic list (目录清单) is kept as dated versions, made of the district's published list and the national codes; each department sees what it has not taken up yet.
