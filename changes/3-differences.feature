Changes between two versions of a service item are told in sentences, by part; no change goes unmentioned.
