BEGIN TRANSACTION;
CREATE TABLE buckets (
	workflow VARCHAR NOT NULL, 
	fields VARCHAR NOT NULL, 
	"values" VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (workflow, fields, "values")
)
 WITHOUT ROWID

;
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
INSERT INTO "cases" VALUES('case-1','request','929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e','assigned','park/lake/first',2,'{"category":"help","phone":"1","overdue":0,"level":"street","handling-unit":"park/lake/works","urgent":false}','{"screen":["clerk"]}','resident','2022-09-30T08:00:00.000000Z','544f9f347eb6de78bf5b4de90b55769e03485db51feb947795db1a923fafe978');
INSERT INTO "cases" VALUES('case-2','request','929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e','closed','park/lake/first',4,'{"category":"help","overdue":0,"level":"street","handling-unit":"park/lake/works","urgent":false,"score":90}','{"screen":["clerk"]}','resident','2022-09-30T09:00:00.000000Z','5c7000ffe489fa174b5455ce50283ea4d723ad0fff0f916e2347c6a12c1211b8');
INSERT INTO "cases" VALUES('case-3','request','929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e','assigned','park/lake/first',4,'{"category":"help","overdue":1,"level":"street","handling-unit":"park/lake/works","urgent":false}','{"screen":["clerk"]}','resident','2022-10-02T21:00:00.000000Z','e4697216d02e46aad0f8ca207f27b950ef04d2865ffb2974a69582d5058cd6a6');
CREATE TABLE deadlines (
	case_id VARCHAR NOT NULL, 
	deadline VARCHAR NOT NULL, 
	place INTEGER NOT NULL, 
	started_at VARCHAR NOT NULL, 
	due_at VARCHAR, 
	fired BOOLEAN NOT NULL, 
	pauses TEXT, 
	provisional BOOLEAN NOT NULL, 
	warned INTEGER NOT NULL, 
	next_at VARCHAR, 
	PRIMARY KEY (case_id, deadline)
);
INSERT INTO "deadlines" VALUES('case-1','handling',0,'2022-09-30T08:00:00.000000Z','2022-10-02T08:00:00.000000Z',0,NULL,0,0,'2022-10-02T08:00:00.000000Z');
INSERT INTO "deadlines" VALUES('case-2','reopening',0,'2022-09-30T09:00:00.000000Z','2022-10-01T09:00:00.000000Z',0,NULL,0,0,NULL);
INSERT INTO "deadlines" VALUES('case-3','handling',0,'2022-09-30T09:00:00.000000Z','2022-10-02T09:00:00.000000Z',1,NULL,0,0,NULL);
CREATE TABLE definitions (
	hash VARCHAR NOT NULL, 
	workflow VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	texts TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "definitions" VALUES('929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e','request',1,'{"alarm.rules.yaml": "rule-set: alarm\noutputs: {alarming: {type: boolean}, many: {type: boolean}}\nrules:\n  many households: {when: households >= 5, conclude: {many: \"true\"}, because: \"five households or more\"}\n  a complaint of many: {when: ''many and category = \"complaint\"'', conclude: {alarming: \"true\"}, because: \"many complain\"}\ndefault: {alarming: \"false\", many: \"false\"}\n", "screening.table.yaml": "table: screening\nhit: F\ninputs: [category, level, households]\noutputs: {way: {type: choice, values: [accept, reject]}}\nrows:\n  - [praise, \"-\", \"-\", reject]\n  - [\"-\", \">= \\\"community\\\"\", \"-\", accept]\n  - [\"-\", \"-\", \">= 5\", accept]\ndefault: {way: ''\"reject\"''}\nexamples:\n  - {category: help, level: house, households: 5, way: accept}\n  - {category: praise, level: street, households: 9, way: reject}\n", "workflow.yaml": "workflow: request\nversion: 1\nunique: [source, source number]\nfields:\n  category: {type: choice, values: [help, complaint, praise]}\n  level: {type: choice, values: [house, community, street], ordered: true}\n  source: {type: text}\n  source number: {type: text, id: source-number}\n  households: {type: integer, min: 0, max: 1000}\n  score: {type: number, decimals: 2, min: 0, max: 100}\n  handling unit: {type: unit, id: handling-unit}\n  phone: {type: text, personal: sensitive}\n  note: {type: text}\n  overdue: {type: integer}\n  urgent: {type: boolean}\nroles: [resident, clerk, handler, leader]\nparameters:\n  pass mark: {id: pass-mark, value: 60, source: \"the tests'' own\"}\n  handling term: {id: handling-term, value: 48 hours, source: \"the tests'' own\"}\nlook-ups:\n  open complaints: {id: open-complaints, with: [phone], type: number}\nstates:\n  registered: {}\n  open: {states: [assigned, working, waiting]}\n  closed: {final: true}\n  rejected: {final: true}\ntransitions:\n  - {on: report, by: anyone, needs: [category, source?, source number?, households?, phone?, note?], to: registered, set: {overdue: \"0\"}}\n  - on: screen\n    from: registered\n    by: clerk\n    needs: [level, handling unit]\n    set: {urgent: alarm.alarming}\n    decide: screening.way\n    to: {accept: assigned, reject: rejected}\n    effects: [{notify: handling unit, message: \"a {category} request was assigned\"}]\n  - {on: sign, from: assigned, by: {role: handler, at: handling unit}, to: working}\n  - {on: ask back, id: ask-back, from: working, by: {role: handler, at: handling unit}, needs: [note], limit: 2, to: waiting}\n  - {on: answer, from: waiting, by: anyone, to: working}\n  - {on: remind, from: open, by: [resident, clerk]}\n  - {on: expire, from: open, by: clock, set: {overdue: overdue + 1}}\n  - on: close\n    from: working\n    by: [clerk, leader]\n    not-by: [screen]\n    needs: [score]\n    when: score >= pass mark and open complaints = 0\n    to: closed\n    journal: refused\n  - {on: close, from: open, by: leader, when: overdue > 0, to: closed}\n  - {on: reopen, from: closed, by: clerk, when: reopening.open, to: working}\ndeadlines:\n  handling: {while: open, due: handling term, fire: expire}\n  reopening: {while: closed, due: 24 hours}\n"}');
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
INSERT INTO "entries" VALUES('case-1',1,NULL,'{"case":"case-1","sequence":1,"actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","facts":{"source":null,"source-number":null,"category":"help","phone":{"#":"cca984b737b2eb732e7dd47e27c56a2b7489c6d23f1ca41066a6fe34b5bc028c"}},"settings":{"overdue":0},"event":"report","transition":1,"outcome":"","from":"","to":"registered","inputs":["category","phone"],"standing":["anyone"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","workflow":"request","unit":"park/lake/first","started-by":"resident"}','670d26ff5c963fa77401b651515d6118542c16ced6a8c254ba21267540a65cc7');
INSERT INTO "entries" VALUES('case-1',2,NULL,'{"case":"case-1","sequence":2,"actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"settings":{"urgent":false},"event":"screen","transition":2,"outcome":"accept","from":"registered","to":"assigned","inputs":["level","handling-unit"],"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"a8a28b0c5817424f40d964736f8a3cb7294ee76be03e970108feee61f02be4cc"}]],"deadlines":[["handling","2022-09-30T08:00:00.000000Z","2022-10-02T08:00:00.000000Z",false]]}','544f9f347eb6de78bf5b4de90b55769e03485db51feb947795db1a923fafe978');
INSERT INTO "entries" VALUES('case-2',1,NULL,'{"case":"case-2","sequence":1,"actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","facts":{"source":null,"source-number":null,"category":"help"},"settings":{"overdue":0},"event":"report","transition":1,"outcome":"","from":"","to":"registered","inputs":["category"],"standing":["anyone"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","workflow":"request","unit":"park/lake/first","started-by":"resident"}','5ce13c41e4939c2d57414d5f4445483ff81446eef77b6b589e1263e74ed2106f');
INSERT INTO "entries" VALUES('case-2',2,NULL,'{"case":"case-2","sequence":2,"actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T08:00:00.000000Z","recorded":"2022-09-30T08:00:00.000000Z","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"settings":{"urgent":false},"event":"screen","transition":2,"outcome":"accept","from":"registered","to":"assigned","inputs":["level","handling-unit"],"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"4402d91d7f42b04782359193ea7280dced365d46aa84ef94691d510727dce16c"}]],"deadlines":[["handling","2022-09-30T08:00:00.000000Z","2022-10-02T08:00:00.000000Z",false]]}','d12fcfd225c7c23ee2565ad82e370bca4ae4adfab30c7a9d2e91734e8a6efb4b');
INSERT INTO "entries" VALUES('case-2',3,NULL,'{"case":"case-2","sequence":3,"actor":["handler",["handler","park/lake/works"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","facts":{"handling-unit":"park/lake/works"},"settings":{},"event":"sign","transition":3,"outcome":"","from":"assigned","to":"working","inputs":[],"standing":["handler@handling-unit"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e"}','9ad85b096afdf7e9dea9d50d8d7069a3a51a82f0b666358160ab492dfb8fa955');
INSERT INTO "entries" VALUES('case-2',4,NULL,'{"case":"case-2","sequence":4,"actor":["leader",["leader","park"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","facts":{"score":90,"phone":null,"overdue":0,"pass-mark":60,"open-complaints":0},"settings":{},"event":"close","transition":8,"outcome":"","from":"working","to":"closed","inputs":["score"],"standing":["leader"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","deadlines":[["reopening","2022-09-30T09:00:00.000000Z","2022-10-01T09:00:00.000000Z",false,[],false,0,null]]}','5c7000ffe489fa174b5455ce50283ea4d723ad0fff0f916e2347c6a12c1211b8');
INSERT INTO "entries" VALUES('case-3',1,NULL,'{"case":"case-3","sequence":1,"actor":["resident",["resident","park/lake/first"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","facts":{"source":null,"source-number":null,"category":"help"},"settings":{"overdue":0},"event":"report","transition":1,"outcome":"","from":"","to":"registered","inputs":["category"],"standing":["anyone"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","workflow":"request","unit":"park/lake/first","started-by":"resident"}','c5717e344a691cebee7660f19e7beaf164fd1298ec73da6ac98d90c2c5df5d79');
INSERT INTO "entries" VALUES('case-3',2,NULL,'{"case":"case-3","sequence":2,"actor":["clerk",["clerk","park/lake"]],"occurred":"2022-09-30T09:00:00.000000Z","recorded":"2022-09-30T09:00:00.000000Z","facts":{"category":"help","level":"street","households":null,"handling-unit":"park/lake/works"},"settings":{"urgent":false},"event":"screen","transition":2,"outcome":"accept","from":"registered","to":"assigned","inputs":["level","handling-unit"],"standing":["clerk"],"evaluator":"durable-rules 2.0.28","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","fired":[["screening","2"]],"effects":[["notify","park/lake/works",{"#":"176a84a4b7cbe97c4ff5675825828faa72ac3bc35c70aea5d4ff44c2362fdb43"}]],"deadlines":[["handling","2022-09-30T09:00:00.000000Z","2022-10-02T09:00:00.000000Z",false]]}','f56ebb2277ec81d7af4bccb86adbc407d149fcf2ab2d964313f1f9800307b814');
INSERT INTO "entries" VALUES('case-3',3,NULL,'{"case":"case-3","sequence":3,"actor":["clock"],"occurred":"2022-10-02T09:00:00.000000Z","recorded":"2022-10-02T21:00:00.000000Z","facts":{"overdue":0},"settings":{"overdue":1},"event":"expire","transition":7,"outcome":"","from":"assigned","to":"assigned","inputs":[],"standing":["clock"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e","deadline":"handling","deadlines":[["handling","2022-09-30T09:00:00.000000Z","2022-10-02T09:00:00.000000Z",true]]}','45179b74a0f20e1793033119239e1a17239fbb186ce9b8ecb9b0640ed6a5cd11');
INSERT INTO "entries" VALUES('case-3',4,NULL,'{"case":"case-3","sequence":4,"actor":["clerk",["clerk","park/lake"]],"occurred":"2022-10-02T21:00:00.000000Z","recorded":"2022-10-02T21:00:00.000000Z","facts":{},"settings":{},"event":"remind","transition":6,"outcome":"","from":"assigned","to":"assigned","inputs":[],"standing":["clerk"],"evaluator":"generated 1","definition":"929c073fa6231584d16727cacbc7c83ead5c612cf51e4b59e7ba372076f8e50e"}','e4697216d02e46aad0f8ca207f27b950ef04d2865ffb2974a69582d5058cd6a6');
CREATE TABLE link_keys (
	workflow VARCHAR NOT NULL, 
	fields VARCHAR NOT NULL, 
	exact BOOLEAN NOT NULL, 
	PRIMARY KEY (workflow, fields)
);
CREATE TABLE links (
	workflow VARCHAR NOT NULL, 
	fields VARCHAR NOT NULL, 
	"values" VARCHAR NOT NULL, 
	started_at VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	PRIMARY KEY (workflow, fields, "values", started_at, case_id)
)
 WITHOUT ROWID

;
CREATE TABLE notes (
	name VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE outbox (
	number INTEGER NOT NULL, 
	case_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	target VARCHAR NOT NULL, 
	workflow VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	unit VARCHAR, 
	data TEXT NOT NULL, 
	chain INTEGER NOT NULL, 
	occurred_at VARCHAR NOT NULL, 
	carried_at VARCHAR, 
	refused TEXT, 
	PRIMARY KEY (number)
);
CREATE TABLE personal (
	case_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	place VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (case_id, sequence, place)
);
INSERT INTO "personal" VALUES('case-1',1,'facts/phone','68d6bc60dc8a35903fc68c963e1b90f2','"1"');
INSERT INTO "personal" VALUES('case-1',2,'effects/0','e6e6a82259e0e3cb32facdfbaa21c5d7','"a help request was assigned"');
INSERT INTO "personal" VALUES('case-2',2,'effects/0','39e7c95bf39a6a621cde6084564efb4e','"a help request was assigned"');
INSERT INTO "personal" VALUES('case-3',2,'effects/0','db5f21e071c03884c0f07c70b104ad45','"a help request was assigned"');
CREATE TABLE uniques (
	workflow VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	"values" VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	PRIMARY KEY (workflow, "key", "values")
);
CREATE UNIQUE INDEX entries_by_key ON entries ("key") WHERE "key" IS NOT NULL;
CREATE INDEX deadlines_by_due ON deadlines (due_at) WHERE fired = 0 AND next_at IS NULL;
CREATE INDEX deadlines_by_next ON deadlines (next_at, case_id) WHERE next_at IS NOT NULL;
CREATE INDEX links_by_case ON links (case_id, fields);
CREATE INDEX outbox_open ON outbox (number) WHERE carried_at IS NULL;
CREATE UNIQUE INDEX outbox_by_case ON outbox (case_id, sequence, place);
CREATE INDEX ix_uniques_case_id ON uniques (case_id);
CREATE INDEX cases_by_state ON cases (workflow, state);
COMMIT;
PRAGMA user_version = 2;
