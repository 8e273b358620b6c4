Colleagues hand a case on, send it back, ask one another for opinions, take back what they just passed on and urge; each with a reason, a notice and a line in the trace.
