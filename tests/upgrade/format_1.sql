BEGIN TRANSACTION;
CREATE TABLE cases (
	id VARCHAR NOT NULL, 
	workflow VARCHAR NOT NULL, 
	definition VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	data TEXT NOT NULL, 
	done TEXT NOT NULL, 
	started_by VARCHAR NOT NULL, 
	changed_at VARCHAR NOT NULL, 
	head VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(definition) REFERENCES definitions (hash)
);
INSERT INTO "cases" VALUES('case-1','request','e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438','assigned','park/lake/first',2,'{"category":"help","phone":"1","overdue":0,"level":"street","handling-unit":"park/lake/works","urgent":false}','{"screen":["clerk"]}','resident','2022-09-30T08:00:00.000000Z','832ac1bb2e279d39af13f99d4a681588320bd7126e8b23936c2544708c81dcce');
INSERT INTO "cases" VALUES('case-2','request','e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438','closed','park/lake/first',4,'{"category":"help","overdue":0,"level":"street","handling-unit":"park/lake/works","urgent":false,"score":90}','{"screen":["clerk"]}','resident','2022-09-30T09:00:00.000000Z','8370b362c9b5aa803149d09835d9b78752ccd56dd68135de4b62b21e891b3a83');
INSERT INTO "cases" VALUES('case-3','request','e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438','assigned','park/lake/first',4,'{"category":"help","overdue":1,"level":"street","handling-unit":"park/lake/works","urgent":false}','{"screen":["clerk"]}','resident','2022-10-02T21:00:00.000000Z','390a689abe1c1fda3dbce7b0b06c6db89102ffec81cd295afd05dbab2c907d98');
CREATE TABLE deadlines (
	case_id VARCHAR NOT NULL, 
	deadline VARCHAR NOT NULL, 
	place INTEGER NOT NULL, 
	started_at VARCHAR NOT NULL, 
	due_at VARCHAR, 
	fired BOOLEAN NOT NULL, 
	PRIMARY KEY (case_id, deadline)
);
INSERT INTO "deadlines" VALUES('case-1','handling',0,'2022-09-30T08:00:00.000000Z','2022-10-02T08:00:00.000000Z',0);
INSERT INTO "deadlines" VALUES('case-2','reopening',0,'2022-09-30T09:00:00.000000Z','2022-10-01T09:00:00.000000Z',0);
INSERT INTO "deadlines" VALUES('case-3','handling',0,'2022-09-30T09:00:00.000000Z','2022-10-02T09:00:00.000000Z',1);
CREATE TABLE definitions (
	hash VARCHAR NOT NULL, 
	workflow VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	texts TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "definitions" VALUES('e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438','request',1,'{"alarm.rules.yaml": "rule-set: alarm\noutputs: {alarming: {type: boolean}, many: {type: boolean}}\nrules:\n  many households: {when: households >= 5, conclude: {many: \"true\"}, because: \"five households or more\"}\n  a complaint of many: {when: ''many and category = \"complaint\"'', conclude: {alarming: \"true\"}, because: \"many complain\"}\ndefault: {alarming: \"false\", many: \"false\"}\n", "screening.table.yaml": "table: screening\nhit: F\ninputs: [category, level, households]\noutputs: {way: {type: choice, values: [accept, reject]}}\nrows:\n  - [praise, \"-\", \"-\", reject]\n  - [\"-\", \">= \\\"community\\\"\", \"-\", accept]\n  - [\"-\", \"-\", \">= 5\", accept]\ndefault: {way: ''\"reject\"''}\nexamples:\n  - {category: help, level: house, households: 5, way: accept}\n  - {category: praise, level: street, households: 9, way: reject}\n", "workflow.yaml": "workflow: request\nversion: 1\nunique: [source, source number]\nfields:\n  category: {type: choice, values: [help, complaint, praise]}\n  level: {type: choice, values: [house, community, street], ordered: true}\n  source: {type: text}\n  source number: {type: text, id: source-number}\n  households: {type: integer, min: 0, max: 1000}\n  score: {type: number, decimals: 2, min: 0, max: 100}\n  handling unit: {type: unit, id: handling-unit}\n  phone: {type: text, personal: sensitive}\n  note: {type: text}\n  overdue: {type: integer}\n  urgent: {type: boolean}\nroles: [resident, clerk, handler, leader]\nparameters:\n  pass mark: {id: pass-mark, value: 60, source: \"the tests'' own\"}\n  handling term: {id: handling-term, value: 48 hours}\nlook-ups:\n  open complaints: {id: open-complaints, with: [phone], type: number}\nstates:\n  registered: {}\n  open: {states: [assigned, working, waiting]}\n  closed: {final: true}\n  rejected: {final: true}\ntransitions:\n  - {on: report, by: anyone, needs: [category, source?, source number?, households?, phone?, note?], to: registered, set: {overdue: \"0\"}}\n  - on: screen\n    from: registered\n    by: clerk\n    needs: [level, handling unit]\n    set: {urgent: alarm.alarming}\n    decide: screening.way\n    to: {accept: assigned, reject: rejected}\n    effects: [{notify: handling unit, message: \"a {category} request was assigned\"}]\n  - {on: sign, from: assigned, by: {role: handler, at: handling unit}, to: working}\n  - {on: ask back, id: ask-back, from: working, by: {role: handler, at: handling unit}, needs: [note], limit: 2, to: waiting}\n  - {on: answer, from: waiting, by: anyone, to: working}\n  - {on: remind, from: open, by: [resident, clerk]}\n  - {on: expire, from: open, by: clock, set: {overdue: overdue + 1}}\n  - on: close\n    from: working\n    by: [clerk, leader]\n    not-by: [screen]\n    needs: [score]\n    when: score >= pass mark and open complaints = 0\n    to: closed\n    journal: refused\n  - {on: close, from: open, by: leader, when: overdue > 0, to: closed}\n  - {on: reopen, from: closed, by: clerk, when: reopening.open, to: working}\ndeadlines:\n  handling: {while: open, due: handling term, fire: expire}\n  reopening: {while: closed, due: 24 hours}\n"}');
CREATE TABLE effects (
	case_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	"to" VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	delivered_at VARCHAR, 
	PRIMARY KEY (case_id, sequence, place)
);
INSERT INTO "effects" VALUES('case-1',2,0,'notify','park/lake/works','a help request was assigned',NULL);
INSERT INTO "effects" VALUES('case-2',2,0,'notify','park/lake/works','a help request was assigned',NULL);
INSERT INTO "effects" VALUES('case-3',2,0,'notify','park/lake/works','a help request was assigned',NULL);
CREATE TABLE entries (
	case_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	"key" VARCHAR, 
	body TEXT NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (case_id, sequence)
);
INSERT INTO "entries" VALUES('case-1',1,NULL,'{"case":"case-1","sequence":1,"event":"report","transition":1,"outcome":"","actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","from":"","to":"registered","facts":{"source":null,"source-number":null,"category":"help","phone":{"#":"c5425d39352068b01305577c1c98d1d48006afbc5f99208997c0189adbeef386"}},"inputs":["category","phone"],"settings":{"overdue":0},"standing":["anyone"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","workflow":"request","unit":"park/lake/first","started-by":"resident"}','f03c3d6630444cc13260ee4b8c0e62d5fc40a2ef99d80d6ca9bcbcad4020f6f3');
INSERT INTO "entries" VALUES('case-1',2,NULL,'{"case":"case-1","sequence":2,"event":"screen","transition":2,"outcome":"accept","actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","from":"registered","to":"assigned","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"inputs":["level","handling-unit"],"settings":{"urgent":false},"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"0c07aaf8a53771624c60cb6808574e8422e97c09f1de838912642a3e720c4c1c"}]],"deadlines":[["handling","2022-09-30T08:00:00.000000Z","2022-10-02T08:00:00.000000Z",false]]}','832ac1bb2e279d39af13f99d4a681588320bd7126e8b23936c2544708c81dcce');
INSERT INTO "entries" VALUES('case-2',1,NULL,'{"case":"case-2","sequence":1,"event":"report","transition":1,"outcome":"","actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","from":"","to":"registered","facts":{"source":null,"source-number":null,"category":"help"},"inputs":["category"],"settings":{"overdue":0},"standing":["anyone"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","workflow":"request","unit":"park/lake/first","started-by":"resident"}','a7651845d9fdf83496c50ed1044a38e1462883ca995c8c532e1b0a19ee3e4592');
INSERT INTO "entries" VALUES('case-2',2,NULL,'{"case":"case-2","sequence":2,"event":"screen","transition":2,"outcome":"accept","actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","from":"registered","to":"assigned","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"inputs":["level","handling-unit"],"settings":{"urgent":false},"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"a671c0e23779230c6c4cee97222e871e9b7b6874eb4f817129e3434c3bd420c0"}]],"deadlines":[["handling","2022-09-30T08:00:00.000000Z","2022-10-02T08:00:00.000000Z",false]]}','0aace6498be0936ec5e01122924cfe362bbbf4659e0309e5aa3229e95f4aa278');
INSERT INTO "entries" VALUES('case-2',3,NULL,'{"case":"case-2","sequence":3,"event":"sign","transition":3,"outcome":"","actor":["handler",["handler","park/lake/works"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","from":"assigned","to":"working","facts":{"handling-unit":"park/lake/works"},"inputs":[],"settings":{},"standing":["handler@handling-unit"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438"}','0b6d73bdf43c01fa0c86cefb3e3624f68d77bbce79dcacc333004c9271d7d250');
INSERT INTO "entries" VALUES('case-2',4,NULL,'{"case":"case-2","sequence":4,"event":"close","transition":8,"outcome":"","actor":["leader",["leader","park"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","from":"working","to":"closed","facts":{"score":90,"phone":null,"overdue":0,"pass-mark":60,"open-complaints":0},"inputs":["score"],"settings":{},"standing":["leader"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","deadlines":[["reopening","2022-09-30T09:00:00.000000Z","2022-10-01T09:00:00.000000Z",false]]}','8370b362c9b5aa803149d09835d9b78752ccd56dd68135de4b62b21e891b3a83');
INSERT INTO "entries" VALUES('case-3',1,NULL,'{"case":"case-3","sequence":1,"event":"report","transition":1,"outcome":"","actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","from":"","to":"registered","facts":{"source":null,"source-number":null,"category":"help"},"inputs":["category"],"settings":{"overdue":0},"standing":["anyone"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","workflow":"request","unit":"park/lake/first","started-by":"resident"}','f6cbc19dc3137458529e487a203f15f799ed70744a3cfbf450dea682ab227c6c');
INSERT INTO "entries" VALUES('case-3',2,NULL,'{"case":"case-3","sequence":2,"event":"screen","transition":2,"outcome":"accept","actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","from":"registered","to":"assigned","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"inputs":["level","handling-unit"],"settings":{"urgent":false},"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"0ba575e2fcd2f621968ff0a9e4b5a05cc4f040ac9c8ebc38b41e668da45e16b4"}]],"deadlines":[["handling","2022-09-30T09:00:00.000000Z","2022-10-02T09:00:00.000000Z",false]]}','30e96fd98b76191a3fb98aa5c8b5d19cb1b5cd8ebb2c56fc6398d3628289ad36');
INSERT INTO "entries" VALUES('case-3',3,NULL,'{"case":"case-3","sequence":3,"event":"expire","transition":7,"outcome":"","actor":["clock"],"occurred":"2022-10-02T09:00:00.000000Z","recorded":"2022-10-02T21:00:00.000000Z","from":"assigned","to":"assigned","facts":{"overdue":0},"inputs":[],"settings":{"overdue":1},"standing":["clock"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438","deadline":"handling","deadlines":[["handling","2022-09-30T09:00:00.000000Z","2022-10-02T09:00:00.000000Z",true]]}','2d4f9556a9fa3430ca8c53f8ffac99a4af9f5a38fb09d10386dfac78cc1cee27');
INSERT INTO "entries" VALUES('case-3',4,NULL,'{"case":"case-3","sequence":4,"event":"remind","transition":6,"outcome":"","actor":["clerk",["clerk","park/lake"]],"occurred":"2022-10-02T21:00:00.000000Z","recorded":"2022-10-02T21:00:00.000000Z","from":"assigned","to":"assigned","facts":{},"inputs":[],"settings":{},"standing":["clerk"],"evaluator":"generated 1","definition":"e3b3cabcd97167650b43778deec8162fec8691a9887fcb62a92730865e341438"}','390a689abe1c1fda3dbce7b0b06c6db89102ffec81cd295afd05dbab2c907d98');
CREATE TABLE personal (
	case_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	place VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (case_id, sequence, place)
);
INSERT INTO "personal" VALUES('case-1',1,'facts/phone','30b75390177735a01403b56a496a3d91','"1"');
INSERT INTO "personal" VALUES('case-1',2,'effects/0','0279d7c295296fc26c1e0a7d350472f6','"a help request was assigned"');
INSERT INTO "personal" VALUES('case-2',2,'effects/0','03d20a6a69183bfe1e4d5846275d410a','"a help request was assigned"');
INSERT INTO "personal" VALUES('case-3',2,'effects/0','b640f292d3ad74b570eea1089718bc34','"a help request was assigned"');
CREATE TABLE uniques (
	workflow VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	"values" VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	PRIMARY KEY (workflow, "key", "values")
);
CREATE UNIQUE INDEX entries_by_key ON entries ("key") WHERE "key" IS NOT NULL;
CREATE INDEX deadlines_by_due ON deadlines (due_at) WHERE fired IS 0;
CREATE INDEX ix_uniques_case_id ON uniques (case_id);
CREATE INDEX cases_by_state ON cases (workflow, state);
COMMIT;
PRAGMA user_version = 1;
