Code tables and everyday words (代码表, 同义说法) are kept by officials: changed by one, published by a second from a day, told in words; codes of the standard and codes that items use stay.
