Every page stands in one calm frame: portal and console, in Chinese or English, with 关怀版, print styles and strict content security.
