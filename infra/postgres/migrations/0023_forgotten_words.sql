-- What a customer has deleted leaves the traces of its answers, too; nothing else of a trace may change.
grant update (question, body) on answer to deskhand_app;
grant update (output) on answer_stage to deskhand_app;
