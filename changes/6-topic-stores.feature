主题库：事项、办件、证照、申请人（个人和单位，都是假名）和办事痕迹，从记录下的事实一分钟内成表，可以从头重做，结果一样。 Topic stores: items, cases, licences, applicants and traces, made from recorded facts within a minute, the same when made anew.
