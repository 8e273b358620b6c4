示例城市有了地址库：公安、民政、自然资源三个部门互相矛盾的门牌、地名和测绘点合成一份，地图和清单上看得到；点多的时候按格合并。 The demo city has an address register of three departments that contradict each other; the map groups many points.
