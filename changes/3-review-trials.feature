The page for handing in shows what the draft was tried with: kept tests of the form, the situations, the flow and its rehearsals.
