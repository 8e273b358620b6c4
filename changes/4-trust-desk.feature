A registration desk for certificates at `/console/trust/`: one administrator applies, another approves, suspends, restores and revokes; keys are replaced without losing what they signed.
