The demo city offers full implementation lists of everyday services, each with basis, conditions, materials, form, situations, steps and questions, marked as samples.
