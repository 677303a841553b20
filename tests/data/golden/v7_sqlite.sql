BEGIN TRANSACTION;
CREATE TABLE account_events (
	account_id TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	symbol TEXT, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	amount TEXT, 
	currency TEXT, 
	quantity TEXT, 
	cost TEXT, 
	split_to TEXT, 
	split_from TEXT, 
	price TEXT, 
	cost_share TEXT, 
	to_symbol TEXT, 
	to_quantity TEXT, 
	order_id TEXT, 
	strategy_code TEXT, 
	external_id TEXT, 
	replaces TEXT, 
	occurred_at INTEGER NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	counts INTEGER NOT NULL, 
	anomalies TEXT NOT NULL, 
	said TEXT NOT NULL, 
	identity TEXT NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_account_events PRIMARY KEY (account_id, event_id), 
	CONSTRAINT uq_account_events_account_id_said UNIQUE (account_id, said), 
	CONSTRAINT uq_account_events_account_id_identity UNIQUE (account_id, identity), 
	CONSTRAINT uq_account_events_account_id_replaces UNIQUE (account_id, replaces)
)
 STRICT

;
INSERT INTO "account_events" VALUES('account','00000000-0000-7000-8000-00000000000d','FUNDING','VENUE','','BASE/QUOTE','NET','','-1','QUOTE',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'F1',NULL,1767607200000000,1767608400000000,1,'','8ee0f9f62ddd9e10bccade43fb267c434b8731ad2dba68198ef851f2c7e2449f','f33f9902ee48c472955cc6debc768e9397228a3d173433162bdc8812838072b7','{"account_id":"account","amount":"-1","currency":"QUOTE","event_id":"00000000-0000-7000-8000-00000000000d","external_id":"F1","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","symbol":"BASE/QUOTE","type":"FUNDING","venue":"VENUE"}','ef3c365c127d72f9cff3df1b8c0497bdf5d343cbb2cc3174b34cb54aba692017');
CREATE TABLE api_keys (
	key_id TEXT NOT NULL, 
	secret_hash TEXT NOT NULL, 
	scopes TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	name TEXT, 
	accounts TEXT, 
	revoked_at INTEGER, 
	CONSTRAINT pk_api_keys PRIMARY KEY (key_id)
)
 STRICT

;
CREATE TABLE checkpoints (
	number INTEGER NOT NULL, 
	store_id TEXT NOT NULL, 
	sealed_at INTEGER NOT NULL, 
	upto INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	root TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	signature TEXT, 
	key_id TEXT, 
	CONSTRAINT pk_checkpoints PRIMARY KEY (number)
)
 STRICT

;
INSERT INTO "checkpoints" VALUES(1,'00000000-0000-7000-8000-00000000000e',1767608460000000,36,36,'ccb1a5882d98dd8699abd1bc9b57e72b22b3586e14583a20c16adc264da777eb','0000000000000000000000000000000000000000000000000000000000000000','5d72f8f02bfdeea5ee8b8ac4b04895b9fed0d76cea4da1a90e42f5853f63ad40',NULL,NULL);
INSERT INTO "checkpoints" VALUES(2,'00000000-0000-7000-8000-00000000000e',1767612180000000,46,10,'153dc77de395f5908df83719ca5220c21678467fa6e7e008f6c9bfa569e80fc8','5d72f8f02bfdeea5ee8b8ac4b04895b9fed0d76cea4da1a90e42f5853f63ad40','c07b89cf7de7a77951dfa625dac1549cbce4ff45035cd254722d23cc9adbe3a2',NULL,NULL);
CREATE TABLE exchange_reconciliation (
	account_id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	run_id TEXT, 
	number INTEGER, 
	finding_id TEXT, 
	subject TEXT, 
	mismatch TEXT, 
	order_id TEXT, 
	client_order_id TEXT, 
	venue_order_id TEXT, 
	exec_id TEXT, 
	leg TEXT NOT NULL, 
	symbol TEXT, 
	position_side TEXT, 
	position_id TEXT NOT NULL, 
	local_status TEXT, 
	exchange_status TEXT, 
	local_quantity TEXT, 
	exchange_quantity TEXT, 
	resolution TEXT, 
	reason TEXT, 
	actor TEXT, 
	checked_at INTEGER, 
	inputs TEXT, 
	recorded_at INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, record_id), 
	CONSTRAINT uq_exchange_reconciliation_account_id_finding_id UNIQUE (account_id, finding_id), 
	CONSTRAINT uq_exchange_reconciliation_account_id_run_id_number UNIQUE (account_id, run_id, number), 
	CONSTRAINT fk_exchange_reconciliation_account_id_run_id FOREIGN KEY(account_id, run_id) REFERENCES exchange_reconciliation (account_id, record_id), 
	CONSTRAINT fk_exchange_reconciliation_account_id_finding_id FOREIGN KEY(account_id, finding_id) REFERENCES exchange_reconciliation (account_id, record_id)
)
 STRICT

;
INSERT INTO "exchange_reconciliation" VALUES('account','00000000-0000-7000-8000-00000000000f','RUN','VENUE','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767612060000000,'{"grace_seconds":"10.0","healing":false,"history":{"account_id":"account","coverage":{"complete":true},"taken_at":"2026-01-05T11:21:00.000000Z","venue":"VENUE"},"place":{"cursor":"0","since":"2026-01-05T11:21:10.000000Z","symbols":null},"recorded":0,"venue":{"account_id":"account","asked_at":"2026-01-05T11:21:00.000000Z","executed":{"complete":true},"held":{"complete":true},"open_orders":{"complete":true},"venue":"VENUE"}}',1767612060000000,'{"account_id":"account","checked_at":"2026-01-05T11:21:00.000000Z","inputs":"{\"grace_seconds\":\"10.0\",\"healing\":false,\"history\":{\"account_id\":\"account\",\"coverage\":{\"complete\":true},\"taken_at\":\"2026-01-05T11:21:00.000000Z\",\"venue\":\"VENUE\"},\"place\":{\"cursor\":\"0\",\"since\":\"2026-01-05T11:21:10.000000Z\",\"symbols\":null},\"recorded\":0,\"venue\":{\"account_id\":\"account\",\"asked_at\":\"2026-01-05T11:21:00.000000Z\",\"executed\":{\"complete\":true},\"held\":{\"complete\":true},\"open_orders\":{\"complete\":true},\"venue\":\"VENUE\"}}","record_id":"00000000-0000-7000-8000-00000000000f","type":"RUN","venue":"VENUE"}','e43e08ced79b71a406a9ae629671acc7bd0c1c700d732f582ba9f8420262ffdf');
INSERT INTO "exchange_reconciliation" VALUES('account','292ab9ed-f87c-8980-b559-b32fdcbc67b4','INPUT','VENUE','','00000000-0000-7000-8000-00000000000f',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"history":{"orders":[{"changed_at":"2026-01-05T10:09:00.000000Z","client_order_ids":["C1"],"cum_quantity":"2","executions":[{"busted":true,"exec_id":"E1","first_exec_id":"E1","happened_at":"2026-01-05T10:05:00.000000Z","price":"100","quantity":"1"},{"busted":false,"exec_id":"E2c","first_exec_id":"E2","happened_at":"2026-01-05T10:05:00.000000Z","price":"102","quantity":"2"},{"busted":true,"exec_id":"E3","first_exec_id":"E3","happened_at":"2026-01-05T10:05:00.000000Z","price":"100","quantity":"1"}],"in_doubt":false,"is_open":true,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000000002","order_quantity":"10","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["V1"]},{"changed_at":"2026-01-05T10:13:00.000000Z","cum_quantity":"0.5","executions":[{"busted":false,"exec_id":"X1","first_exec_id":"X1","happened_at":"2026-01-05T10:00:00.000000Z","price":"105","quantity":"0.5"}],"in_doubt":false,"is_open":true,"order_id":"a2623649-2f84-8349-823f-6536471c87a4","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["X"]},{"changed_at":"2026-01-05T10:17:00.000000Z","client_order_ids":["C2"],"cum_quantity":"1","executions":[{"busted":false,"exec_id":"E8","first_exec_id":"E8","happened_at":"2026-01-05T10:11:00.000000Z","price":"100","quantity":"1"}],"in_doubt":false,"is_open":false,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000000005","order_quantity":"10","status":"CANCELED","symbol":"BASE/QUOTE","venue_order_ids":["V2"]}],"positions":[{"position_side":"NET","quantity":"3.5","symbol":"BASE/QUOTE"}],"waiting":[{"account_id":"account","exec_id":"E9","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}]},"venue":{"absent":["00000000-0000-7000-8000-000000000002","a2623649-2f84-8349-823f-6536471c87a4"]}}',1767612060000000,'{"account_id":"account","inputs":"{\"history\":{\"orders\":[{\"changed_at\":\"2026-01-05T10:09:00.000000Z\",\"client_order_ids\":[\"C1\"],\"cum_quantity\":\"2\",\"executions\":[{\"busted\":true,\"exec_id\":\"E1\",\"first_exec_id\":\"E1\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"},{\"busted\":false,\"exec_id\":\"E2c\",\"first_exec_id\":\"E2\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"102\",\"quantity\":\"2\"},{\"busted\":true,\"exec_id\":\"E3\",\"first_exec_id\":\"E3\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":true,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000000002\",\"order_quantity\":\"10\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V1\"]},{\"changed_at\":\"2026-01-05T10:13:00.000000Z\",\"cum_quantity\":\"0.5\",\"executions\":[{\"busted\":false,\"exec_id\":\"X1\",\"first_exec_id\":\"X1\",\"happened_at\":\"2026-01-05T10:00:00.000000Z\",\"price\":\"105\",\"quantity\":\"0.5\"}],\"in_doubt\":false,\"is_open\":true,\"order_id\":\"a2623649-2f84-8349-823f-6536471c87a4\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"X\"]},{\"changed_at\":\"2026-01-05T10:17:00.000000Z\",\"client_order_ids\":[\"C2\"],\"cum_quantity\":\"1\",\"executions\":[{\"busted\":false,\"exec_id\":\"E8\",\"first_exec_id\":\"E8\",\"happened_at\":\"2026-01-05T10:11:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":false,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000000005\",\"order_quantity\":\"10\",\"status\":\"CANCELED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V2\"]}],\"positions\":[{\"position_side\":\"NET\",\"quantity\":\"3.5\",\"symbol\":\"BASE/QUOTE\"}],\"waiting\":[{\"account_id\":\"account\",\"exec_id\":\"E9\",\"last_price\":\"100\",\"last_quantity\":\"1\",\"type\":\"TRADE\",\"venue\":\"VENUE\",\"venue_order_id\":\"V9\"}]},\"venue\":{\"absent\":[\"00000000-0000-7000-8000-000000000002\",\"a2623649-2f84-8349-823f-6536471c87a4\"]}}","number":1,"record_id":"292ab9ed-f87c-8980-b559-b32fdcbc67b4","run_id":"00000000-0000-7000-8000-00000000000f","type":"INPUT","venue":"VENUE"}','49afc282544e6d6c1af1404a2ee6b5fb199ddebf15c8ef2fdc86933782fa8a39');
INSERT INTO "exchange_reconciliation" VALUES('account','7df194bc-1c26-8bea-aa06-a3aef82b53f2','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'a85e995931d99ee912296e01c95ca30f911c8e3f403c277e7bdf26bbcb095040','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000002','C1','V1',NULL,'','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,NULL,NULL,NULL,'the venue knows no such order',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","client_order_id":"C1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000002","reason":"the venue knows no such order","record_id":"7df194bc-1c26-8bea-aa06-a3aef82b53f2","run_id":"00000000-0000-7000-8000-00000000000f","subject":"a85e995931d99ee912296e01c95ca30f911c8e3f403c277e7bdf26bbcb095040","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}','c1b04fa887780aca827e7b862a78db6a55a63e1c1e1301eb7a423c4e835925fb');
INSERT INTO "exchange_reconciliation" VALUES('account','51ce5e1f-3b4e-820f-b45b-fe1d809edcd4','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'4c01bb88f9b4cceb3817c781ba6f34e4ca79f358f5a823fecb294c8f6003813f','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000002','C1','V1','E2c','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'2',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","client_order_id":"C1","exec_id":"E2c","local_quantity":"2","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000002","reason":"the venue does not list this execution","record_id":"51ce5e1f-3b4e-820f-b45b-fe1d809edcd4","run_id":"00000000-0000-7000-8000-00000000000f","subject":"4c01bb88f9b4cceb3817c781ba6f34e4ca79f358f5a823fecb294c8f6003813f","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}','3988c4f7970d0c0032f07e98cc02e1057b67c9a223141b1c0a552dd6ea572a1d');
INSERT INTO "exchange_reconciliation" VALUES('account','3ea852ae-9d3f-8bfb-a786-06cd90183aec','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'4718eff16c295c300335a103de9b55bd8a3dc2a28633637eb07baab537479202','MISSING_AT_VENUE','a2623649-2f84-8349-823f-6536471c87a4',NULL,'X',NULL,'','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,NULL,NULL,NULL,'the venue knows no such order',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"a2623649-2f84-8349-823f-6536471c87a4","reason":"the venue knows no such order","record_id":"3ea852ae-9d3f-8bfb-a786-06cd90183aec","run_id":"00000000-0000-7000-8000-00000000000f","subject":"4718eff16c295c300335a103de9b55bd8a3dc2a28633637eb07baab537479202","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"X"}','0e746dd8492430f245531b0d2a268574f8f77fdf8b995bb3a9db1f5d015007a4');
INSERT INTO "exchange_reconciliation" VALUES('account','d137922a-61ea-8c77-8ed8-2f176a37e72a','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'060f0c0422240febe5f18f600061e275a36e840a6f87c1c4011017dae1b07356','MISSING_AT_VENUE','a2623649-2f84-8349-823f-6536471c87a4',NULL,'X','X1','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'0.5',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","exec_id":"X1","local_quantity":"0.5","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"a2623649-2f84-8349-823f-6536471c87a4","reason":"the venue does not list this execution","record_id":"d137922a-61ea-8c77-8ed8-2f176a37e72a","run_id":"00000000-0000-7000-8000-00000000000f","subject":"060f0c0422240febe5f18f600061e275a36e840a6f87c1c4011017dae1b07356","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"X"}','e97a8e1edaa6710fae7e44fdb4ed498e3612a9c39edb11e05ecb965a2119f805');
INSERT INTO "exchange_reconciliation" VALUES('account','a18ebff9-d966-8b32-afdc-ca3ee7e45a88','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'ade92bfd879d1756e697d146092e41b249fb99797f00aee971e3427ae9a78181','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000005','C2','V2','E8','','BASE/QUOTE',NULL,'','CANCELED',NULL,'1',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","client_order_id":"C2","exec_id":"E8","local_quantity":"1","local_status":"CANCELED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000005","reason":"the venue does not list this execution","record_id":"a18ebff9-d966-8b32-afdc-ca3ee7e45a88","run_id":"00000000-0000-7000-8000-00000000000f","subject":"ade92bfd879d1756e697d146092e41b249fb99797f00aee971e3427ae9a78181","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V2"}','d3f0e612af7397f230148f0584bb785c88d641e176311c06138fb27fbee3efa1');
INSERT INTO "exchange_reconciliation" VALUES('account','5d237af1-c0d5-81c3-897b-4e838e7781e1','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'3b86aa6f29ec644ba4806b63cd78fc8b705a88d4d6b99a00855d25e8a8e2432f','UNKNOWN_ORDER',NULL,NULL,'V9',NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,'a report, or an execution, of an order that nobody knows',NULL,NULL,NULL,1767612060000000,'{"account_id":"account","mismatch":"UNKNOWN_ORDER","reason":"a report, or an execution, of an order that nobody knows","record_id":"5d237af1-c0d5-81c3-897b-4e838e7781e1","run_id":"00000000-0000-7000-8000-00000000000f","subject":"3b86aa6f29ec644ba4806b63cd78fc8b705a88d4d6b99a00855d25e8a8e2432f","type":"FINDING","venue":"VENUE","venue_order_id":"V9"}','70853cb7de98b957b731ca87ee6bfbf6787c2d3bf5d39cd6aabdc5014c1fefe4');
INSERT INTO "exchange_reconciliation" VALUES('account','e6b956b8-61a6-86b9-bf90-35700e4130ac','FINDING','VENUE','','00000000-0000-7000-8000-00000000000f',NULL,NULL,'408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340','POSITION_DIFFERS',NULL,NULL,NULL,NULL,'','BASE/QUOTE','NET','',NULL,NULL,'3.5','0',NULL,NULL,NULL,NULL,NULL,1767612060000000,'{"account_id":"account","exchange_quantity":"0","local_quantity":"3.5","mismatch":"POSITION_DIFFERS","position_side":"NET","record_id":"e6b956b8-61a6-86b9-bf90-35700e4130ac","run_id":"00000000-0000-7000-8000-00000000000f","subject":"408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE"}','e73f1e0f883f2538df69ac64aa2cadcf5950e2ee1db0681ba37e156fb752564f');
CREATE TABLE fact_feed (
	position INTEGER NOT NULL, 
	account_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	CONSTRAINT pk_fact_feed PRIMARY KEY (position), 
	CONSTRAINT uq_fact_feed_account_id_kind_key_number UNIQUE (account_id, kind, "key", number)
)
 STRICT

;
INSERT INTO "fact_feed" VALUES(1,'account','INSTRUMENT','["VENUE","BASE/QUOTE","1970-01-01T00:00:00.000000Z"]',0,'71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434',1767607260000000);
INSERT INTO "fact_feed" VALUES(2,'account','REQUEST','00000000-0000-7000-8000-000000000001',0,'fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e',1767607320000000);
INSERT INTO "fact_feed" VALUES(3,'account','CONTEXT','00000000-0000-7000-8000-000000000001',0,'993c19a18f81bcc56f25bf2ddd3a44db330bb43603a3e1e5923cabbf4a024578',1767607320000000);
INSERT INTO "fact_feed" VALUES(4,'account','RISK_CHECK','00000000-0000-7000-8000-000000000001',1,'7700e22ca68775496214f06ef9f876c5dc3d65d9c9036dc6b0374669ba82e48b',1767607320000000);
INSERT INTO "fact_feed" VALUES(5,'account','EVENT','00000000-0000-7000-8000-000000000002',1,'093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235',1767607380000000);
INSERT INTO "fact_feed" VALUES(6,'account','EVENT','00000000-0000-7000-8000-000000000002',2,'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4',1767607380000000);
INSERT INTO "fact_feed" VALUES(7,'account','EVENT','00000000-0000-7000-8000-000000000002',3,'523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf',1767607440000000);
INSERT INTO "fact_feed" VALUES(8,'account','EVENT','00000000-0000-7000-8000-000000000002',4,'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0',1767607500000000);
INSERT INTO "fact_feed" VALUES(9,'account','EVENT','00000000-0000-7000-8000-000000000002',5,'3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559',1767607500000000);
INSERT INTO "fact_feed" VALUES(10,'account','EVENT','00000000-0000-7000-8000-000000000002',6,'6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d',1767607500000000);
INSERT INTO "fact_feed" VALUES(11,'account','EVENT','00000000-0000-7000-8000-000000000002',7,'292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201',1767607560000000);
INSERT INTO "fact_feed" VALUES(12,'account','EVENT','00000000-0000-7000-8000-000000000002',8,'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16',1767607620000000);
INSERT INTO "fact_feed" VALUES(13,'account','EVENT','00000000-0000-7000-8000-000000000002',9,'614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46',1767607680000000);
INSERT INTO "fact_feed" VALUES(14,'account','EVENT','00000000-0000-7000-8000-000000000002',10,'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751',1767607740000000);
INSERT INTO "fact_feed" VALUES(15,'account','UNATTRIBUTED','00000000-0000-7000-8000-000000000003',0,'a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811',1767607800000000);
INSERT INTO "fact_feed" VALUES(16,'account','REQUEST','00000000-0000-7000-8000-000000000004',0,'b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc',1767607860000000);
INSERT INTO "fact_feed" VALUES(17,'account','EVENT','00000000-0000-7000-8000-000000000005',1,'594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb',1767607860000000);
INSERT INTO "fact_feed" VALUES(18,'account','EVENT','00000000-0000-7000-8000-000000000005',2,'99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f',1767607860000000);
INSERT INTO "fact_feed" VALUES(19,'account','EVENT','00000000-0000-7000-8000-000000000005',3,'1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586',1767607860000000);
INSERT INTO "fact_feed" VALUES(20,'account','UNATTRIBUTED','00000000-0000-7000-8000-000000000006',0,'74ef0d1bef23ec4888e8ad5118a3dd44df2c7c850d14b9c5a66600ed7a175a4a',1767607920000000);
INSERT INTO "fact_feed" VALUES(21,'account','EVENT','a2623649-2f84-8349-823f-6536471c87a4',1,'81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29',1767607980000000);
INSERT INTO "fact_feed" VALUES(22,'account','EVENT','a2623649-2f84-8349-823f-6536471c87a4',2,'d33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266',1767607980000000);
INSERT INTO "fact_feed" VALUES(23,'account','REQUEST','00000000-0000-7000-8000-000000000007',0,'83609cfb6dcaf9afa95f5cf68b2243607a51da31f209ae79e99f46a9908f8cc5',1767608040000000);
INSERT INTO "fact_feed" VALUES(24,'account','EVENT','00000000-0000-7000-8000-000000000008',1,'5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277',1767608040000000);
INSERT INTO "fact_feed" VALUES(25,'account','EVENT','00000000-0000-7000-8000-000000000008',2,'94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a',1767608040000000);
INSERT INTO "fact_feed" VALUES(26,'account','EVENT','00000000-0000-7000-8000-000000000008',3,'38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27',1767608040000000);
INSERT INTO "fact_feed" VALUES(27,'account','EVENT','00000000-0000-7000-8000-000000000008',4,'ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a',1767608100000000);
INSERT INTO "fact_feed" VALUES(28,'account','REQUEST','00000000-0000-7000-8000-000000000009',0,'02a3d6be644f5f06c458adbeb35e6d64dec8dfa3124c2b93939d0cf69ceed874',1767608160000000);
INSERT INTO "fact_feed" VALUES(29,'account','EVENT','00000000-0000-7000-8000-000000000005',4,'3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493',1767608160000000);
INSERT INTO "fact_feed" VALUES(30,'account','EVENT','00000000-0000-7000-8000-000000000005',5,'560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3',1767608220000000);
INSERT INTO "fact_feed" VALUES(31,'account','REQUEST','00000000-0000-7000-8000-00000000000a',0,'18ab1931e6461d28b50aa1eceb9f709a22aea12bef69ea6b5e59e97a54ace8ad',1767608280000000);
INSERT INTO "fact_feed" VALUES(32,'account','WITHDRAWAL','00000000-0000-7000-8000-00000000000a',0,'9240891e2ca3d373db7d68e5b4077b7f2afc63043b5348045165f2b45ac54e38',1767608280000000);
INSERT INTO "fact_feed" VALUES(33,'account','REQUEST','00000000-0000-7000-8000-00000000000b',0,'b8c08c325bd36f2b47d9ad5b4d1b126fe5f17d9f3e94a4bcda13a2e2de4ad560',1767608340000000);
INSERT INTO "fact_feed" VALUES(34,'account','EVENT','00000000-0000-7000-8000-00000000000c',1,'ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd',1767608340000000);
INSERT INTO "fact_feed" VALUES(35,'account','EVENT','00000000-0000-7000-8000-00000000000c',2,'7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935',1767608340000000);
INSERT INTO "fact_feed" VALUES(36,'account','ACCOUNT_EVENT','00000000-0000-7000-8000-00000000000d',0,'ef3c365c127d72f9cff3df1b8c0497bdf5d343cbb2cc3174b34cb54aba692017',1767608400000000);
INSERT INTO "fact_feed" VALUES(37,'account','RECONCILIATION','00000000-0000-7000-8000-00000000000f',0,'e43e08ced79b71a406a9ae629671acc7bd0c1c700d732f582ba9f8420262ffdf',1767612060000000);
INSERT INTO "fact_feed" VALUES(38,'account','RECONCILIATION','292ab9ed-f87c-8980-b559-b32fdcbc67b4',0,'49afc282544e6d6c1af1404a2ee6b5fb199ddebf15c8ef2fdc86933782fa8a39',1767612060000000);
INSERT INTO "fact_feed" VALUES(39,'account','RECONCILIATION','7df194bc-1c26-8bea-aa06-a3aef82b53f2',0,'c1b04fa887780aca827e7b862a78db6a55a63e1c1e1301eb7a423c4e835925fb',1767612060000000);
INSERT INTO "fact_feed" VALUES(40,'account','RECONCILIATION','51ce5e1f-3b4e-820f-b45b-fe1d809edcd4',0,'3988c4f7970d0c0032f07e98cc02e1057b67c9a223141b1c0a552dd6ea572a1d',1767612060000000);
INSERT INTO "fact_feed" VALUES(41,'account','RECONCILIATION','3ea852ae-9d3f-8bfb-a786-06cd90183aec',0,'0e746dd8492430f245531b0d2a268574f8f77fdf8b995bb3a9db1f5d015007a4',1767612060000000);
INSERT INTO "fact_feed" VALUES(42,'account','RECONCILIATION','d137922a-61ea-8c77-8ed8-2f176a37e72a',0,'e97a8e1edaa6710fae7e44fdb4ed498e3612a9c39edb11e05ecb965a2119f805',1767612060000000);
INSERT INTO "fact_feed" VALUES(43,'account','RECONCILIATION','a18ebff9-d966-8b32-afdc-ca3ee7e45a88',0,'d3f0e612af7397f230148f0584bb785c88d641e176311c06138fb27fbee3efa1',1767612060000000);
INSERT INTO "fact_feed" VALUES(44,'account','RECONCILIATION','5d237af1-c0d5-81c3-897b-4e838e7781e1',0,'70853cb7de98b957b731ca87ee6bfbf6787c2d3bf5d39cd6aabdc5014c1fefe4',1767612060000000);
INSERT INTO "fact_feed" VALUES(45,'account','RECONCILIATION','e6b956b8-61a6-86b9-bf90-35700e4130ac',0,'e73f1e0f883f2538df69ac64aa2cadcf5950e2ee1db0681ba37e156fb752564f',1767612060000000);
INSERT INTO "fact_feed" VALUES(46,'account','EVENT','00000000-0000-7000-8000-000000000005',6,'6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f',1767612120000000);
CREATE TABLE idempotency_records (
	owner TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	headers TEXT, 
	body TEXT NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	CONSTRAINT pk_idempotency_records PRIMARY KEY (owner, "key")
)
 STRICT

;
CREATE TABLE instruments (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	base TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	settle TEXT NOT NULL, 
	multiplier TEXT NOT NULL, 
	inverse INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from, number)
)
 STRICT

;
INSERT INTO "instruments" VALUES('account','VENUE','BASE/QUOTE',0,0,'SPOT','BASE','QUOTE','QUOTE','1',0,'{"account_id":"account","base":"BASE","inverse":false,"kind":"SPOT","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}','71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434');
CREATE TABLE order_costs (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	venue TEXT, 
	symbol TEXT, 
	valid_from INTEGER, 
	currency TEXT, 
	quantity TEXT NOT NULL, 
	weighted TEXT NOT NULL, 
	notional TEXT NOT NULL, 
	maker_notional TEXT NOT NULL, 
	taker_notional TEXT NOT NULL, 
	fees TEXT NOT NULL, 
	paid_in_quantity TEXT NOT NULL, 
	paid_in_quantity_value TEXT NOT NULL, 
	decision_price TEXT, 
	CONSTRAINT pk_order_costs PRIMARY KEY (account_id, order_id), 
	CONSTRAINT fk_order_costs_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT

;
INSERT INTO "order_costs" VALUES('account','00000000-0000-7000-8000-000000000002','VENUE','BASE/QUOTE',0,'QUOTE','2','204','204','0','0','{}','0','0','99');
INSERT INTO "order_costs" VALUES('account','00000000-0000-7000-8000-000000000005','VENUE','BASE/QUOTE',0,'QUOTE','2','200','200','0','0','{}','0','0',NULL);
INSERT INTO "order_costs" VALUES('account','a2623649-2f84-8349-823f-6536471c87a4','VENUE','BASE/QUOTE',0,'QUOTE','0.5','52.5','52.5','0','0','{}','0','0',NULL);
CREATE TABLE order_decision_context (
	account_id TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	signal_strength TEXT, 
	decision_price TEXT, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_order_decision_context PRIMARY KEY (account_id, request_id), 
	CONSTRAINT fk_order_decision_context_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT

;
INSERT INTO "order_decision_context" VALUES('account','00000000-0000-7000-8000-000000000001',NULL,'99','{"indicators":"{\"a\":\"1\"}","market_snapshot":"{\"decision_price\":\"99\"}"}','993c19a18f81bcc56f25bf2ddd3a44db330bb43603a3e1e5923cabbf4a024578');
CREATE TABLE order_events (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	type TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	actor TEXT, 
	occurred_at INTEGER, 
	recorded_at INTEGER NOT NULL, 
	exec_id TEXT, 
	leg TEXT, 
	exec_ref_id TEXT, 
	client_order_id TEXT, 
	venue_order_id TEXT, 
	last_quantity TEXT, 
	last_price TEXT, 
	reported_status TEXT, 
	anomalies TEXT NOT NULL, 
	request_id TEXT, 
	report_id TEXT, 
	said TEXT, 
	prev_hash TEXT NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	trace TEXT, 
	CONSTRAINT pk_order_events PRIMARY KEY (account_id, order_id, sequence), 
	CONSTRAINT fk_order_events_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id), 
	CONSTRAINT fk_order_events_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id), 
	CONSTRAINT fk_order_events_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id), 
	CONSTRAINT uq_order_events_account_id_order_id_said UNIQUE (account_id, order_id, said)
)
 STRICT

;
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',1,'CREATED','LOCAL','me',NULL,1767607380000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000001',NULL,NULL,'bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775','{"account_id":"account","fact":{"actor":"me","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775","recorded_at":"2026-01-05T10:03:00.000000Z","sequence":1,"type":"CREATED"}','093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',2,'SUBMITTED','LOCAL','me',1767607200000000,1767607380000000,NULL,NULL,NULL,'C1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000001',NULL,'d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6','093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235','{"account_id":"account","fact":{"actor":"me","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235","recorded_at":"2026-01-05T10:03:00.000000Z","said":"d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6","sequence":2,"type":"SUBMITTED"}','b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',3,'NEW','VENUE',NULL,1767607200000000,1767607440000000,NULL,NULL,NULL,'C1','V1',NULL,NULL,NULL,'',NULL,NULL,'7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645','b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4","recorded_at":"2026-01-05T10:04:00.000000Z","report":{"account_id":"account","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","type":"NEW","venue":"VENUE","venue_order_id":"V1"},"said":"7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645","sequence":3,"type":"NEW"}','523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',4,'TRADE','VENUE',NULL,NULL,1767607500000000,'E1','',NULL,'C1',NULL,'1','100',NULL,'',NULL,NULL,NULL,'523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1","fees":[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}],"last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":4,"type":"TRADE"}','a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',5,'TRADE','VENUE',NULL,NULL,1767607500000000,'E2','',NULL,'C1',NULL,'2','101',NULL,'',NULL,NULL,NULL,'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2","last_price":"101","last_quantity":"2","type":"TRADE","venue":"VENUE"},"sequence":5,"type":"TRADE"}','3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',6,'TRADE','VENUE',NULL,NULL,1767607500000000,'E3','',NULL,'C1',NULL,'1','100',NULL,'',NULL,NULL,NULL,'3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E3","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":6,"type":"TRADE"}','6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',7,'TRADE_CORRECT','VENUE',NULL,NULL,1767607560000000,'E2c','','E2','C1',NULL,'2','102',NULL,'',NULL,NULL,NULL,'6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d","recorded_at":"2026-01-05T10:06:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2c","exec_ref_id":"E2","last_price":"102","last_quantity":"2","type":"TRADE_CORRECT","venue":"VENUE"},"sequence":7,"type":"TRADE_CORRECT"}','292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',8,'TRADE_CANCEL','VENUE',NULL,NULL,1767607620000000,'E1b','','E1','C1',NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,'292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1b","exec_ref_id":"E1","type":"TRADE_CANCEL","venue":"VENUE"},"sequence":8,"type":"TRADE_CANCEL"}','ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',9,'VOIDED','LOCAL',NULL,NULL,1767607680000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24','ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16','{"account_id":"account","fact":{"reason":"not ours","target_sequence":6},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16","recorded_at":"2026-01-05T10:08:00.000000Z","said":"ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24","sequence":9,"type":"VOIDED"}','614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',10,'MARKED','LOCAL',NULL,NULL,1767607740000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37','614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46','{"account_id":"account","fact":{"mark":"110","rates":{"TOKEN":"2"}},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46","recorded_at":"2026-01-05T10:09:00.000000Z","said":"b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37","sequence":10,"type":"MARKED"}','ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',1,'CREATED','LOCAL',NULL,NULL,1767607860000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000004',NULL,NULL,'880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb","recorded_at":"2026-01-05T10:11:00.000000Z","sequence":1,"type":"CREATED"}','594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',2,'SUBMITTED','LOCAL',NULL,NULL,1767607860000000,NULL,NULL,NULL,'C2',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000004',NULL,'21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61','594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb','{"account_id":"account","fact":{"client_order_id":"C2","request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb","recorded_at":"2026-01-05T10:11:00.000000Z","said":"21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61","sequence":2,"type":"SUBMITTED"}','99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',3,'TRADE','VENUE',NULL,NULL,1767607860000000,'E8','',NULL,'C2','V2','1','100',NULL,'',NULL,'00000000-0000-7000-8000-000000000003',NULL,'99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f","recorded_at":"2026-01-05T10:11:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"report_id":"00000000-0000-7000-8000-000000000003","sequence":3,"type":"TRADE"}','1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586',NULL);
INSERT INTO "order_events" VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',1,'CREATED','IMPORT',NULL,NULL,1767607980000000,NULL,NULL,NULL,NULL,'X',NULL,NULL,NULL,'',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','{"account_id":"account","fact":{},"order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"X"},"sequence":1,"type":"CREATED"}','81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29',NULL);
INSERT INTO "order_events" VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',2,'TRADE','IMPORT',NULL,1767607200000000,1767607980000000,'X1','',NULL,NULL,'X','0.5','105',NULL,'',NULL,NULL,NULL,'81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29','{"account_id":"account","order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":2,"type":"TRADE"}','d33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000008',1,'CREATED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000007',NULL,NULL,'e784c171a53d31374480c9b8ebcb74d6f1cb092301cfbcc8b98629d701406bd9','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"e784c171a53d31374480c9b8ebcb74d6f1cb092301cfbcc8b98629d701406bd9","recorded_at":"2026-01-05T10:14:00.000000Z","sequence":1,"type":"CREATED"}','5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000008',2,'SUBMITTED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,'C3',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000007',NULL,'6fc6a45879dd2cf201273d418a26e056ea5195cd87fde024b1453ccea812667d','5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277','{"account_id":"account","fact":{"client_order_id":"C3","request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277","recorded_at":"2026-01-05T10:14:00.000000Z","said":"6fc6a45879dd2cf201273d418a26e056ea5195cd87fde024b1453ccea812667d","sequence":2,"type":"SUBMITTED"}','94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000008',3,'SUBMISSION_UNKNOWN','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,'C3',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000007',NULL,'afe3b19d3a0d784a12d8131c0130428680fa4cf7bb49a93ad83c4747c3180e86','94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a','{"account_id":"account","fact":{"client_order_id":"C3","reason":"timeout","request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a","recorded_at":"2026-01-05T10:14:00.000000Z","said":"afe3b19d3a0d784a12d8131c0130428680fa4cf7bb49a93ad83c4747c3180e86","sequence":3,"type":"SUBMISSION_UNKNOWN"}','38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000008',4,'RESOLVED','LOCAL',NULL,NULL,1767608100000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8','38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27','{"account_id":"account","fact":{"reason":"asked","resolved_status":"FAILED"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27","recorded_at":"2026-01-05T10:15:00.000000Z","said":"c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8","sequence":4,"type":"RESOLVED"}','ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',4,'CANCEL_REQUESTED','LOCAL',NULL,NULL,1767608160000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000009',NULL,'4e43b158a49ec15a366dbe519f69ca744bd7c400a82637f3b897e0a0cee123b7','1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586','{"account_id":"account","fact":{"client_order_id":"X1","request_id":"00000000-0000-7000-8000-000000000009"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586","recorded_at":"2026-01-05T10:16:00.000000Z","said":"4e43b158a49ec15a366dbe519f69ca744bd7c400a82637f3b897e0a0cee123b7","sequence":4,"type":"CANCEL_REQUESTED"}','3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',5,'CANCELED','VENUE',NULL,NULL,1767608220000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'',NULL,NULL,'98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a','3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493","recorded_at":"2026-01-05T10:17:00.000000Z","report":{"account_id":"account","client_order_id":"X1","orig_client_order_id":"C2","type":"CANCELED","venue":"VENUE"},"said":"98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a","sequence":5,"type":"CANCELED"}','560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-00000000000c',1,'CREATED','LOCAL',NULL,NULL,1767608340000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-00000000000b',NULL,NULL,'278f171699f7605bac8b26ae9fbe9260360b7137d2cce0ec23d4c6247ddfba10','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-00000000000b"},"order_id":"00000000-0000-7000-8000-00000000000c","origin":"LOCAL","prev_hash":"278f171699f7605bac8b26ae9fbe9260360b7137d2cce0ec23d4c6247ddfba10","recorded_at":"2026-01-05T10:19:00.000000Z","sequence":1,"type":"CREATED"}','ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-00000000000c',2,'FAILED','LOCAL',NULL,NULL,1767608340000000,NULL,NULL,NULL,'C6',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-00000000000b',NULL,'5b64b08b433cfd695c4a4e7da5fe4e586cb3c335e21ec13185c844c83955eec4','ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd','{"account_id":"account","fact":{"client_order_id":"C6","reason":"no route","request_id":"00000000-0000-7000-8000-00000000000b"},"order_id":"00000000-0000-7000-8000-00000000000c","origin":"LOCAL","prev_hash":"ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd","recorded_at":"2026-01-05T10:19:00.000000Z","said":"5b64b08b433cfd695c4a4e7da5fe4e586cb3c335e21ec13185c844c83955eec4","sequence":2,"type":"FAILED"}','7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935',NULL);
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',6,'TRADE','VENUE',NULL,NULL,1767612120000000,'E10','',NULL,'C2','V2','1','100',NULL,'LATE',NULL,NULL,NULL,'560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3','{"account_id":"account","anomalies":["LATE"],"order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3","recorded_at":"2026-01-05T11:22:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E10","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"sequence":6,"type":"TRADE"}','6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f',NULL);
CREATE TABLE order_fills (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	execution INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	side TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	price TEXT NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	busted INTEGER NOT NULL, 
	exec_id TEXT, 
	first_exec_id TEXT, 
	leg TEXT NOT NULL, 
	fees TEXT NOT NULL, 
	liquidity TEXT, 
	reporting_type TEXT, 
	in_legs INTEGER NOT NULL, 
	split_factor TEXT NOT NULL, 
	venue_order_id TEXT, 
	occurred_at INTEGER, 
	received_at INTEGER, 
	venue_time_ns INTEGER, 
	venue_sequence INTEGER, 
	amount TEXT, 
	venue_account TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	happened_at INTEGER NOT NULL, 
	CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version), 
	CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence)
)
 STRICT

;
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',4,0,4,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,0,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',5,0,5,'VENUE','BASE/QUOTE','BUY','2','101',1767607500000000,0,'E2','E2','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',6,0,6,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,0,'E3','E3','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',5,1,7,'VENUE','BASE/QUOTE','BUY','2','102',1767607500000000,0,'E2c','E2','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',4,1,8,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,1,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',6,1,9,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,1,'E3','E3','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607500000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000005',3,0,3,'VENUE','BASE/QUOTE','BUY','1','100',1767607860000000,0,'E8','E8','','[]',NULL,NULL,0,'1','V2',NULL,NULL,NULL,NULL,NULL,'','NET','',1767607860000000);
INSERT INTO "order_fills" VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',2,0,2,'VENUE','BASE/QUOTE','BUY','0.5','105',1767607980000000,0,'X1','X1','','[]',NULL,NULL,0,'1','X',1767607200000000,NULL,NULL,NULL,NULL,'','NET','',1767607200000000);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000005',6,0,6,'VENUE','BASE/QUOTE','BUY','1','100',1767612120000000,0,'E10','E10','','[]',NULL,NULL,0,'1','V2',NULL,NULL,NULL,NULL,NULL,'','NET','',1767612120000000);
CREATE TABLE order_identifiers (
	account_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	id_scope TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	CONSTRAINT pk_order_identifiers PRIMARY KEY (account_id, kind, value, venue, venue_account, id_scope, order_id), 
	CONSTRAINT fk_order_identifiers_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C1','VENUE','','','00000000-0000-7000-8000-000000000002');
INSERT INTO "order_identifiers" VALUES('account','VENUE','V1','VENUE','','','00000000-0000-7000-8000-000000000002');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C2','VENUE','','','00000000-0000-7000-8000-000000000005');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','X1','VENUE','','','00000000-0000-7000-8000-000000000005');
INSERT INTO "order_identifiers" VALUES('account','VENUE','V2','VENUE','','','00000000-0000-7000-8000-000000000005');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C3','VENUE','','','00000000-0000-7000-8000-000000000008');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C6','VENUE','','','00000000-0000-7000-8000-00000000000c');
INSERT INTO "order_identifiers" VALUES('account','VENUE','X','VENUE','','','a2623649-2f84-8349-823f-6536471c87a4');
CREATE TABLE order_pnl (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	mark TEXT NOT NULL, 
	rates TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	cost_basis TEXT NOT NULL, 
	unrealized TEXT NOT NULL, 
	realized TEXT NOT NULL, 
	net TEXT NOT NULL, 
	fees TEXT NOT NULL, 
	unvalued TEXT NOT NULL, 
	calculated_at INTEGER NOT NULL, 
	CONSTRAINT pk_order_pnl PRIMARY KEY (account_id, order_id, sequence), 
	CONSTRAINT fk_order_pnl_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT

;
INSERT INTO "order_pnl" VALUES('account','00000000-0000-7000-8000-000000000002',10,'110','{"TOKEN":"2"}','QUOTE','204','16','0','16','{}','{}',1767607740000000);
CREATE TABLE order_request_withdrawals (
	account_id TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	reason TEXT, 
	actor TEXT, 
	occurred_at INTEGER, 
	recorded_at INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_order_request_withdrawals PRIMARY KEY (account_id, request_id), 
	CONSTRAINT fk_order_request_withdrawals_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT

;
INSERT INTO "order_request_withdrawals" VALUES('account','00000000-0000-7000-8000-00000000000a','no','me',NULL,1767608280000000,'{"actor":"me","reason":"no"}','9240891e2ca3d373db7d68e5b4077b7f2afc63043b5348045165f2b45ac54e38');
CREATE TABLE order_requests (
	account_id TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	idempotency_key TEXT NOT NULL, 
	action TEXT NOT NULL, 
	client_order_id TEXT, 
	id_scope TEXT NOT NULL, 
	target_order_id TEXT, 
	source TEXT, 
	source_ref TEXT, 
	venue TEXT, 
	venue_account TEXT NOT NULL, 
	symbol TEXT, 
	side TEXT, 
	order_type TEXT, 
	quantity TEXT, 
	quote_quantity TEXT, 
	limit_price TEXT, 
	stop_price TEXT, 
	time_in_force TEXT, 
	strategy_code TEXT, 
	requested_by TEXT, 
	requested_at INTEGER, 
	retry_of TEXT, 
	parent_id TEXT, 
	group_id TEXT, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	trace TEXT, 
	CONSTRAINT pk_order_requests PRIMARY KEY (account_id, request_id), 
	CONSTRAINT uq_order_requests_account_id_idempotency_key UNIQUE (account_id, idempotency_key), 
	CONSTRAINT uq_order_requests_account_id_venue_venue_account_id_scope_client_order_id UNIQUE (account_id, venue, venue_account, id_scope, client_order_id)
)
 STRICT

;
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000001',1767607320000000,'C1','NEW','C1','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,'s',NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C1","idempotency_key":"C1","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000001","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","venue":"VENUE"}','fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e',NULL);
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000004',1767607860000000,'C2','NEW','C2','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C2","idempotency_key":"C2","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000004","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc',NULL);
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000007',1767608040000000,'C3','NEW','C3','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C3","idempotency_key":"C3","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000007","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','83609cfb6dcaf9afa95f5cf68b2243607a51da31f209ae79e99f46a9908f8cc5',NULL);
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000009',1767608160000000,'X1','CANCEL','X1','','00000000-0000-7000-8000-000000000005',NULL,NULL,'VENUE','','BASE/QUOTE','BUY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"CANCEL","client_order_id":"X1","idempotency_key":"X1","request_id":"00000000-0000-7000-8000-000000000009","side":"BUY","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-000000000005","venue":"VENUE"}','02a3d6be644f5f06c458adbeb35e6d64dec8dfa3124c2b93939d0cf69ceed874',NULL);
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-00000000000a',1767608280000000,'C5','NEW','C5','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C5","idempotency_key":"C5","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000a","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','18ab1931e6461d28b50aa1eceb9f709a22aea12bef69ea6b5e59e97a54ace8ad',NULL);
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-00000000000b',1767608340000000,'C6','NEW','C6','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C6","idempotency_key":"C6","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000b","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','b8c08c325bd36f2b47d9ad5b4d1b126fe5f17d9f3e94a4bcda13a2e2de4ad560',NULL);
CREATE TABLE order_risk_checks (
	account_id TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	rule_code TEXT NOT NULL, 
	passed INTEGER NOT NULL, 
	message TEXT, 
	checked_at INTEGER, 
	recorded_at INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_order_risk_checks PRIMARY KEY (account_id, request_id, number), 
	CONSTRAINT fk_order_risk_checks_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT

;
INSERT INTO "order_risk_checks" VALUES('account','00000000-0000-7000-8000-000000000001',1,'a',1,NULL,NULL,1767607320000000,'{"passed":true,"rule_code":"a"}','7700e22ca68775496214f06ef9f876c5dc3d65d9c9036dc6b0374669ba82e48b');
CREATE TABLE order_states (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	happened_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	CONSTRAINT pk_order_states PRIMARY KEY (account_id, order_id, sequence), 
	CONSTRAINT fk_order_states_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 WITHOUT ROWID,
 STRICT

;
CREATE TABLE orders (
	account_id TEXT NOT NULL, 
	order_id TEXT NOT NULL, 
	request_id TEXT, 
	venue TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	id_scope TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	side TEXT, 
	order_type TEXT, 
	strategy_code TEXT, 
	status TEXT NOT NULL, 
	is_open INTEGER NOT NULL, 
	in_doubt INTEGER NOT NULL, 
	order_quantity TEXT, 
	cum_quantity TEXT NOT NULL, 
	leaves_quantity TEXT, 
	notional TEXT NOT NULL, 
	client_order_id TEXT, 
	venue_order_id TEXT, 
	last_sequence INTEGER NOT NULL, 
	last_hash TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	updated_at INTEGER, 
	state TEXT NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (account_id, order_id), 
	CONSTRAINT uq_orders_account_id_request_id UNIQUE (account_id, request_id), 
	CONSTRAINT fk_orders_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT

;
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000002','00000000-0000-7000-8000-000000000001','VENUE','','','BASE/QUOTE','BUY','LIMIT','s','PARTIALLY_FILLED',1,0,'10','2','8','204','C1','V1',10,'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751',7,1767607380000000,1767607740000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C1","venue_order_id":"V1","submitted":true,"acknowledged":true,"cum_quantity":"2","notional":"204","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","terms_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:09:00.000000Z"}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000005','00000000-0000-7000-8000-000000000004','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'CANCELED',0,0,'10','2','0','200','C2','V2',6,'6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f',4,1767607860000000,1767612120000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C2","venue_order_id":"V2","submitted":true,"acknowledged":true,"cancelled":true,"cum_quantity":"2","notional":"200"}');
INSERT INTO "orders" VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',NULL,'VENUE','','','BASE/QUOTE','BUY','MARKET',NULL,'PARTIALLY_FILLED',1,0,NULL,'0.5',NULL,'52.5',NULL,'X',2,'d33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266',1,1767607980000000,1767607980000000,'{"venue_order_id":"X","acknowledged":true,"cum_quantity":"0.5","notional":"52.5","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000008','00000000-0000-7000-8000-000000000007','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C3',NULL,4,'ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a',2,1767608040000000,1767608100000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C3","submitted":true,"failed":true}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-00000000000c','00000000-0000-7000-8000-00000000000b','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C6',NULL,2,'7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935',1,1767608340000000,1767608340000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C6","failed":true}');
CREATE TABLE position_checkpoints (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	last_key TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	entry_value TEXT NOT NULL, 
	open_fees TEXT NOT NULL, 
	realized_gross TEXT NOT NULL, 
	closed_fees TEXT NOT NULL, 
	fees TEXT NOT NULL, 
	fees_in_quantity TEXT NOT NULL, 
	unvalued TEXT NOT NULL, 
	account_results TEXT NOT NULL, 
	unvalued_results TEXT NOT NULL, 
	missing_traded TEXT NOT NULL, 
	missing_moved TEXT NOT NULL, 
	order_assumed INTEGER NOT NULL, 
	moment_sides INTEGER NOT NULL, 
	opened_at INTEGER, 
	entries INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	carried INTEGER NOT NULL, 
	checkpointed INTEGER NOT NULL, 
	CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account, last_key)
)
 WITHOUT ROWID,
 STRICT

;
CREATE TABLE positions (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	last_key TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	entry_value TEXT NOT NULL, 
	open_fees TEXT NOT NULL, 
	realized_gross TEXT NOT NULL, 
	closed_fees TEXT NOT NULL, 
	fees TEXT NOT NULL, 
	fees_in_quantity TEXT NOT NULL, 
	unvalued TEXT NOT NULL, 
	account_results TEXT NOT NULL, 
	unvalued_results TEXT NOT NULL, 
	missing_traded TEXT NOT NULL, 
	missing_moved TEXT NOT NULL, 
	order_assumed INTEGER NOT NULL, 
	moment_sides INTEGER NOT NULL, 
	opened_at INTEGER, 
	entries INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	carried INTEGER NOT NULL, 
	checkpointed INTEGER NOT NULL, 
	CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "positions" VALUES('account','VENUE','BASE/QUOTE','NET','','','QUOTE','2026-01-05 11:22:00.000000 2 00000000000000000000 56454e5545  453210 56312  30303030303030302d303030302d373030302d383030302d303030303030303030303035 00000000000000000006','4.5','456.5','0','0','0','{}','0','{}','{"FUNDING":"-1"}','{}','0','0',0,1,1767607200000000,5,1767612120000000,0,0);
CREATE TABLE sot_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT sot_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "sot_alembic_version" VALUES('0007');
CREATE TABLE sot_schema (
	version INTEGER NOT NULL, 
	CONSTRAINT pk_sot_schema PRIMARY KEY (version)
)
 STRICT

;
INSERT INTO "sot_schema" VALUES(7);
CREATE TABLE unattributed_reports (
	account_id TEXT NOT NULL, 
	report_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	venue TEXT, 
	symbol TEXT, 
	client_order_id TEXT, 
	venue_order_id TEXT, 
	exec_id TEXT, 
	occurred_at INTEGER, 
	recorded_at INTEGER NOT NULL, 
	said TEXT NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_unattributed_reports PRIMARY KEY (account_id, report_id), 
	CONSTRAINT uq_unattributed_reports_account_id_said UNIQUE (account_id, said)
)
 STRICT

;
INSERT INTO "unattributed_reports" VALUES('account','00000000-0000-7000-8000-000000000003','TRADE','VENUE',NULL,'C2','V2','E8',NULL,1767607800000000,'00c6dec3e04035a440bc341ba356e93f7c5de61b32253d64c1740473ebab5e95','{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"}','a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811');
INSERT INTO "unattributed_reports" VALUES('account','00000000-0000-7000-8000-000000000006','TRADE','VENUE',NULL,NULL,'V9','E9',NULL,1767607920000000,'2304ec4f7e2e065f0347987b35a9c4e5eae738e74d5301260659d99198440910','{"account_id":"account","exec_id":"E9","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}','74ef0d1bef23ec4888e8ad5118a3dd44df2c7c850d14b9c5a66600ed7a175a4a');
CREATE TABLE waiting_reports (
	account_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	report_id TEXT NOT NULL, 
	CONSTRAINT pk_waiting_reports PRIMARY KEY (account_id, kind, value, report_id), 
	CONSTRAINT fk_waiting_reports_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "waiting_reports" VALUES('account','','','00000000-0000-7000-8000-000000000006');
INSERT INTO "waiting_reports" VALUES('account','VENUE','V9','00000000-0000-7000-8000-000000000006');
CREATE TRIGGER api_keys_no_update BEFORE UPDATE ON api_keys WHEN OLD.revoked_at IS NOT NULL OR NEW.key_id IS NOT OLD.key_id OR NEW.secret_hash IS NOT OLD.secret_hash OR NEW.scopes IS NOT OLD.scopes OR NEW.created_at IS NOT OLD.created_at OR NEW.name IS NOT OLD.name OR NEW.accounts IS NOT OLD.accounts OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END;
CREATE TRIGGER api_keys_no_delete BEFORE DELETE ON api_keys BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END;
CREATE TRIGGER api_keys_no_replace BEFORE INSERT ON api_keys WHEN EXISTS (SELECT 1 FROM api_keys WHERE key_id = NEW.key_id) OR EXISTS (SELECT 1 FROM api_keys WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: api_keys'); END;
CREATE TRIGGER idempotency_records_no_update BEFORE UPDATE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END;
CREATE TRIGGER idempotency_records_no_delete BEFORE DELETE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END;
CREATE TRIGGER idempotency_records_no_replace BEFORE INSERT ON idempotency_records WHEN EXISTS (SELECT 1 FROM idempotency_records WHERE owner = NEW.owner AND key = NEW.key) OR EXISTS (SELECT 1 FROM idempotency_records WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: idempotency_records'); END;
CREATE INDEX ix_account_events_to_symbol ON account_events (account_id, venue, to_symbol, occurred_at) WHERE to_symbol IS NOT NULL;
CREATE INDEX ix_account_events_account_id_venue_symbol_occurred_at ON account_events (account_id, venue, symbol, occurred_at);
CREATE INDEX ix_account_events_account_id_recorded_at_event_id ON account_events (account_id, recorded_at, event_id);
CREATE INDEX ix_account_events_all ON account_events (recorded_at, event_id);
CREATE INDEX ix_account_events_symbol ON account_events (account_id, symbol, recorded_at, event_id);
CREATE INDEX ix_account_events_event_id ON account_events (event_id);
CREATE TRIGGER account_events_no_update BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END;
CREATE TRIGGER account_events_no_delete BEFORE DELETE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END;
CREATE TRIGGER account_events_no_replace BEFORE INSERT ON account_events WHEN EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND event_id = NEW.event_id) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND identity = NEW.identity) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND replaces = NEW.replaces) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM account_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: account_events'); END;
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id, venue_account) WHERE quantity <> '0' OR missing_traded <> '0' OR missing_moved <> '0';
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: checkpoints'); END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: checkpoints'); END;
CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints WHEN EXISTS (SELECT 1 FROM checkpoints WHERE number = NEW.number) OR EXISTS (SELECT 1 FROM checkpoints WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: checkpoints'); END;
CREATE TRIGGER fact_feed_no_update BEFORE UPDATE ON fact_feed BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: fact_feed'); END;
CREATE TRIGGER fact_feed_no_delete BEFORE DELETE ON fact_feed BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: fact_feed'); END;
CREATE TRIGGER fact_feed_no_replace BEFORE INSERT ON fact_feed WHEN EXISTS (SELECT 1 FROM fact_feed WHERE account_id = NEW.account_id AND kind = NEW.kind AND key = NEW.key AND number = NEW.number) OR EXISTS (SELECT 1 FROM fact_feed WHERE position = NEW.position) OR EXISTS (SELECT 1 FROM fact_feed WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: fact_feed'); END;
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END;
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END;
CREATE TRIGGER instruments_no_replace BEFORE INSERT ON instruments WHEN EXISTS (SELECT 1 FROM instruments WHERE account_id = NEW.account_id AND venue = NEW.venue AND symbol = NEW.symbol AND valid_from = NEW.valid_from AND number = NEW.number) OR EXISTS (SELECT 1 FROM instruments WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: instruments'); END;
CREATE INDEX ix_order_requests_account_id_client_order_id ON order_requests (account_id, client_order_id);
CREATE INDEX ix_order_requests_all ON order_requests (recorded_at, request_id);
CREATE INDEX ix_order_requests_symbol ON order_requests (account_id, symbol, recorded_at, request_id);
CREATE INDEX ix_order_requests_strategy_code ON order_requests (account_id, strategy_code, recorded_at, request_id);
CREATE INDEX ix_order_requests_request_id ON order_requests (request_id);
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON order_requests (account_id, recorded_at, request_id);
CREATE TRIGGER order_requests_no_update BEFORE UPDATE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_delete BEFORE DELETE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_replace BEFORE INSERT ON order_requests WHEN EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND idempotency_key = NEW.idempotency_key) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND venue = NEW.venue AND venue_account = NEW.venue_account AND id_scope = NEW.id_scope AND client_order_id = NEW.client_order_id) OR EXISTS (SELECT 1 FROM order_requests WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_requests'); END;
CREATE INDEX ix_unattributed_reports_report_id ON unattributed_reports (report_id);
CREATE TRIGGER unattributed_reports_no_update BEFORE UPDATE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_delete BEFORE DELETE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_replace BEFORE INSERT ON unattributed_reports WHEN EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND report_id = NEW.report_id) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: unattributed_reports'); END;
CREATE INDEX ix_exchange_reconciliation_recorded ON exchange_reconciliation (account_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_type ON exchange_reconciliation (account_id, type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_place ON exchange_reconciliation (account_id, venue, venue_account, type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id);
CREATE INDEX ix_exchange_reconciliation_subject ON exchange_reconciliation (account_id, subject, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_record_id ON exchange_reconciliation (record_id);
CREATE INDEX ix_exchange_reconciliation_run ON exchange_reconciliation (account_id, run_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_all ON exchange_reconciliation (type, recorded_at, record_id);
CREATE TRIGGER exchange_reconciliation_no_update BEFORE UPDATE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END;
CREATE TRIGGER exchange_reconciliation_no_delete BEFORE DELETE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END;
CREATE TRIGGER exchange_reconciliation_no_replace BEFORE INSERT ON exchange_reconciliation WHEN EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND finding_id = NEW.finding_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND record_id = NEW.record_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND run_id = NEW.run_id AND number = NEW.number) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: exchange_reconciliation'); END;
CREATE INDEX ix_order_decision_context_request_id ON order_decision_context (request_id);
CREATE TRIGGER order_decision_context_no_update BEFORE UPDATE ON order_decision_context BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_decision_context'); END;
CREATE TRIGGER order_decision_context_no_delete BEFORE DELETE ON order_decision_context BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_decision_context'); END;
CREATE TRIGGER order_decision_context_no_replace BEFORE INSERT ON order_decision_context WHEN EXISTS (SELECT 1 FROM order_decision_context WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_decision_context WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_decision_context'); END;
CREATE INDEX ix_order_risk_checks_request_id ON order_risk_checks (request_id);
CREATE TRIGGER order_risk_checks_no_update BEFORE UPDATE ON order_risk_checks BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_risk_checks'); END;
CREATE TRIGGER order_risk_checks_no_delete BEFORE DELETE ON order_risk_checks BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_risk_checks'); END;
CREATE TRIGGER order_risk_checks_no_replace BEFORE INSERT ON order_risk_checks WHEN EXISTS (SELECT 1 FROM order_risk_checks WHERE account_id = NEW.account_id AND request_id = NEW.request_id AND number = NEW.number) OR EXISTS (SELECT 1 FROM order_risk_checks WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_risk_checks'); END;
CREATE INDEX ix_order_request_withdrawals_request_id ON order_request_withdrawals (request_id);
CREATE TRIGGER order_request_withdrawals_no_update BEFORE UPDATE ON order_request_withdrawals BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_request_withdrawals'); END;
CREATE TRIGGER order_request_withdrawals_no_delete BEFORE DELETE ON order_request_withdrawals BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_request_withdrawals'); END;
CREATE TRIGGER order_request_withdrawals_no_replace BEFORE INSERT ON order_request_withdrawals WHEN EXISTS (SELECT 1 FROM order_request_withdrawals WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_request_withdrawals WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_request_withdrawals'); END;
CREATE INDEX ix_waiting_reports_report_id ON waiting_reports (report_id);
CREATE INDEX ix_waiting_reports_account_id_report_id ON waiting_reports (account_id, report_id);
CREATE INDEX ix_orders_account_id_created_at_order_id ON orders (account_id, created_at, order_id);
CREATE INDEX ix_orders_symbol ON orders (account_id, symbol, created_at, order_id);
CREATE INDEX ix_orders_open ON orders (account_id, is_open, created_at, order_id) WHERE is_open;
CREATE INDEX ix_orders_all ON orders (created_at, order_id);
CREATE INDEX ix_orders_status ON orders (account_id, status, created_at, order_id);
CREATE INDEX ix_orders_in_doubt ON orders (account_id, in_doubt, created_at, order_id) WHERE in_doubt;
CREATE INDEX ix_orders_order_id ON orders (order_id);
CREATE INDEX ix_orders_venue ON orders (account_id, venue, created_at, order_id);
CREATE INDEX ix_orders_strategy_code ON orders (account_id, strategy_code, created_at, order_id);
CREATE INDEX ix_order_costs_order_id ON order_costs (order_id);
CREATE INDEX ix_order_pnl_order_id ON order_pnl (order_id);
CREATE INDEX ix_order_identifiers_account_id_order_id ON order_identifiers (account_id, order_id);
CREATE INDEX ix_order_identifiers_order_id ON order_identifiers (order_id);
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON order_events (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ix_order_events_account_id_request_id ON order_events (account_id, request_id);
CREATE INDEX ix_order_events_order_id ON order_events (order_id);
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_replace BEFORE INSERT ON order_events WHEN EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND sequence = NEW.sequence) OR EXISTS (SELECT 1 FROM order_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_events'); END;
CREATE INDEX ix_order_fills_changed ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account) WHERE version > 0;
CREATE INDEX ix_order_fills_recorded ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, recorded_at, happened_at);
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_fills_position ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, happened_at);
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id);
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END;
COMMIT;
