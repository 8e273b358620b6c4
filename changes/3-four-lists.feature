The four lists (权力、责任、公共服务、证明事项清单) are published as views of the same items, to be searched, printed and downloaded, and the console shows what the five levels cover.
