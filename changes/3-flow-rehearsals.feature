Rehearsals of a flow are kept with the draft and run again at every change; one that comes out otherwise must be mended or recorded anew.
