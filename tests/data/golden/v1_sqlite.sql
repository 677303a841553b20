BEGIN TRANSACTION;
CREATE TABLE exchange_reconciliation (
	account_id TEXT NOT NULL, 
	reconciliation_id TEXT NOT NULL, 
	order_id TEXT, 
	local_status TEXT, 
	exchange_status TEXT, 
	mismatch INTEGER NOT NULL, 
	findings TEXT NOT NULL, 
	checked_at INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, reconciliation_id), 
	CONSTRAINT fk_exchange_reconciliation_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT

;
CREATE TABLE instruments (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	base TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	settle TEXT NOT NULL, 
	multiplier TEXT NOT NULL, 
	inverse INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from)
)
 STRICT

;
INSERT INTO "instruments" VALUES('account','VENUE','BASE/QUOTE',0,'SPOT','BASE','QUOTE','QUOTE','1',0,'{"account_id":"account","base":"BASE","inverse":false,"kind":"SPOT","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}','71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434');
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
INSERT INTO "order_costs" VALUES('account','00000000-0000-7000-8000-000000000007','VENUE','BASE/QUOTE',0,'QUOTE','0.5','52.5','52.5','0','0','{}','0','0',NULL);
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
	CONSTRAINT pk_order_events PRIMARY KEY (account_id, order_id, sequence), 
	CONSTRAINT fk_order_events_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id), 
	CONSTRAINT fk_order_events_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id), 
	CONSTRAINT fk_order_events_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id), 
	CONSTRAINT uq_order_events_account_id_order_id_said UNIQUE (account_id, order_id, said)
)
 STRICT

;
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',1,'CREATED','LOCAL','me',NULL,1767607380000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000001',NULL,NULL,'bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775','{"account_id":"account","fact":{"actor":"me","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775","recorded_at":"2026-01-05T10:03:00.000000Z","sequence":1,"type":"CREATED"}','093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',2,'SUBMITTED','LOCAL','me',1767607200000000,1767607380000000,NULL,NULL,NULL,'C1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000001',NULL,'d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6','093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235','{"account_id":"account","fact":{"actor":"me","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235","recorded_at":"2026-01-05T10:03:00.000000Z","said":"d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6","sequence":2,"type":"SUBMITTED"}','b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',3,'NEW','VENUE',NULL,1767607200000000,1767607440000000,NULL,NULL,NULL,'C1','V1',NULL,NULL,NULL,'',NULL,NULL,'7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645','b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4","recorded_at":"2026-01-05T10:04:00.000000Z","report":{"account_id":"account","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","type":"NEW","venue":"VENUE","venue_order_id":"V1"},"said":"7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645","sequence":3,"type":"NEW"}','523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',4,'TRADE','VENUE',NULL,NULL,1767607500000000,'E1','',NULL,'C1',NULL,'1','100',NULL,'',NULL,NULL,NULL,'523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1","fees":[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}],"last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":4,"type":"TRADE"}','a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',5,'TRADE','VENUE',NULL,NULL,1767607500000000,'E2','',NULL,'C1',NULL,'2','101',NULL,'',NULL,NULL,NULL,'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2","last_price":"101","last_quantity":"2","type":"TRADE","venue":"VENUE"},"sequence":5,"type":"TRADE"}','3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',6,'TRADE','VENUE',NULL,NULL,1767607500000000,'E3','',NULL,'C1',NULL,'1','100',NULL,'',NULL,NULL,NULL,'3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E3","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":6,"type":"TRADE"}','6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',7,'TRADE_CORRECT','VENUE',NULL,NULL,1767607560000000,'E2c','','E2','C1',NULL,'2','102',NULL,'',NULL,NULL,NULL,'6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d","recorded_at":"2026-01-05T10:06:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2c","exec_ref_id":"E2","last_price":"102","last_quantity":"2","type":"TRADE_CORRECT","venue":"VENUE"},"sequence":7,"type":"TRADE_CORRECT"}','292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',8,'TRADE_CANCEL','VENUE',NULL,NULL,1767607620000000,'E1b','','E1','C1',NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,'292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1b","exec_ref_id":"E1","type":"TRADE_CANCEL","venue":"VENUE"},"sequence":8,"type":"TRADE_CANCEL"}','ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',9,'VOIDED','LOCAL',NULL,NULL,1767607680000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24','ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16','{"account_id":"account","fact":{"reason":"not ours","target_sequence":6},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16","recorded_at":"2026-01-05T10:08:00.000000Z","said":"ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24","sequence":9,"type":"VOIDED"}','614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000002',10,'MARKED','LOCAL',NULL,NULL,1767607740000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37','614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46','{"account_id":"account","fact":{"mark":"110","rates":{"TOKEN":"2"}},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46","recorded_at":"2026-01-05T10:09:00.000000Z","said":"b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37","sequence":10,"type":"MARKED"}','ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',1,'CREATED','LOCAL',NULL,NULL,1767607860000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000004',NULL,NULL,'880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb","recorded_at":"2026-01-05T10:11:00.000000Z","sequence":1,"type":"CREATED"}','594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',2,'SUBMITTED','LOCAL',NULL,NULL,1767607860000000,NULL,NULL,NULL,'C2',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000004',NULL,'21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61','594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb','{"account_id":"account","fact":{"client_order_id":"C2","request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb","recorded_at":"2026-01-05T10:11:00.000000Z","said":"21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61","sequence":2,"type":"SUBMITTED"}','99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',3,'TRADE','VENUE',NULL,NULL,1767607860000000,'E8','',NULL,'C2','V2','1','100',NULL,'',NULL,'00000000-0000-7000-8000-000000000003',NULL,'99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f","recorded_at":"2026-01-05T10:11:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"report_id":"00000000-0000-7000-8000-000000000003","sequence":3,"type":"TRADE"}','1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000007',1,'CREATED','IMPORT',NULL,NULL,1767607980000000,NULL,NULL,NULL,NULL,'X',NULL,NULL,NULL,'',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','{"account_id":"account","fact":{},"order_id":"00000000-0000-7000-8000-000000000007","origin":"IMPORT","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"X"},"sequence":1,"type":"CREATED"}','114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000007',2,'TRADE','IMPORT',NULL,1767607200000000,1767607980000000,'X1','',NULL,NULL,'X','0.5','105',NULL,'',NULL,NULL,NULL,'114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000007","origin":"IMPORT","prev_hash":"114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":2,"type":"TRADE"}','b8ce9e16f615a645fbb79e9d36a103726fabd7c305c378858faafbf922e2b6ae');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000009',1,'CREATED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000008',NULL,NULL,'32bca74faf1e8ed88f1d69b6da9bfc1fda591acfda6640e5afd98b004b4341dd','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"32bca74faf1e8ed88f1d69b6da9bfc1fda591acfda6640e5afd98b004b4341dd","recorded_at":"2026-01-05T10:14:00.000000Z","sequence":1,"type":"CREATED"}','049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000009',2,'SUBMITTED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,'C3',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000008',NULL,'c41487826ee7a1292cf8e9fb084d8efd17179cb6a8479a0e918a983946bc0d18','049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2','{"account_id":"account","fact":{"client_order_id":"C3","request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2","recorded_at":"2026-01-05T10:14:00.000000Z","said":"c41487826ee7a1292cf8e9fb084d8efd17179cb6a8479a0e918a983946bc0d18","sequence":2,"type":"SUBMITTED"}','8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000009',3,'SUBMISSION_UNKNOWN','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,'C3',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000000008',NULL,'beb5ba393582ac626a5cee2314c0c115e70aecc193ef65d5ba574fe9af8fabf0','8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed','{"account_id":"account","fact":{"client_order_id":"C3","reason":"timeout","request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed","recorded_at":"2026-01-05T10:14:00.000000Z","said":"beb5ba393582ac626a5cee2314c0c115e70aecc193ef65d5ba574fe9af8fabf0","sequence":3,"type":"SUBMISSION_UNKNOWN"}','5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000009',4,'RESOLVED','LOCAL',NULL,NULL,1767608100000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8','5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884','{"account_id":"account","fact":{"reason":"asked","resolved_status":"FAILED"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884","recorded_at":"2026-01-05T10:15:00.000000Z","said":"c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8","sequence":4,"type":"RESOLVED"}','23999530bd3af4bdbd43071877ae25c601bd59a3838755f8b7932fb50f980d73');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',4,'CANCEL_REQUESTED','LOCAL',NULL,NULL,1767608160000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-00000000000a',NULL,'4b0bca5c0b13271c744ef8fdb187e05b0168bb4d569160e6f531a9776bf7cce6','1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586','{"account_id":"account","fact":{"client_order_id":"X1","request_id":"00000000-0000-7000-8000-00000000000a"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586","recorded_at":"2026-01-05T10:16:00.000000Z","said":"4b0bca5c0b13271c744ef8fdb187e05b0168bb4d569160e6f531a9776bf7cce6","sequence":4,"type":"CANCEL_REQUESTED"}','e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',5,'CANCELED','VENUE',NULL,NULL,1767608220000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'',NULL,NULL,'98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a','e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c","recorded_at":"2026-01-05T10:17:00.000000Z","report":{"account_id":"account","client_order_id":"X1","orig_client_order_id":"C2","type":"CANCELED","venue":"VENUE"},"said":"98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a","sequence":5,"type":"CANCELED"}','fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-00000000000d',1,'CREATED','LOCAL',NULL,NULL,1767608340000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-00000000000c',NULL,NULL,'fd5053e253bf613703e24722471d962225de0b1e0a087d9a46f60d54e6dcd0c7','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-00000000000c"},"order_id":"00000000-0000-7000-8000-00000000000d","origin":"LOCAL","prev_hash":"fd5053e253bf613703e24722471d962225de0b1e0a087d9a46f60d54e6dcd0c7","recorded_at":"2026-01-05T10:19:00.000000Z","sequence":1,"type":"CREATED"}','e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-00000000000d',2,'FAILED','LOCAL',NULL,NULL,1767608340000000,NULL,NULL,NULL,'C6',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-00000000000c',NULL,'7d1698874b3ce3a9ff7075ade4f1f63275850cad3912f9badeb06597152d5266','e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb','{"account_id":"account","fact":{"client_order_id":"C6","reason":"no route","request_id":"00000000-0000-7000-8000-00000000000c"},"order_id":"00000000-0000-7000-8000-00000000000d","origin":"LOCAL","prev_hash":"e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb","recorded_at":"2026-01-05T10:19:00.000000Z","said":"7d1698874b3ce3a9ff7075ade4f1f63275850cad3912f9badeb06597152d5266","sequence":2,"type":"FAILED"}','1ecda41e25cba872d65c3b401684dbc4e278b468d3dcab70bcd5d9704fdece5e');
INSERT INTO "order_events" VALUES('account','00000000-0000-7000-8000-000000000005',6,'TRADE','VENUE',NULL,NULL,1767608400000000,'E10','',NULL,'C2','V2','1','100',NULL,'LATE',NULL,NULL,NULL,'fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b','{"account_id":"account","anomalies":["LATE"],"order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b","recorded_at":"2026-01-05T10:20:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E10","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"sequence":6,"type":"TRADE"}','ec78cc4fa1f7ba2b4f92b394aa629d2d691ccbf16d64d78ebea4ccae07255fa0');
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
	split_factor TEXT NOT NULL, 
	venue_order_id TEXT, 
	occurred_at INTEGER, 
	received_at INTEGER, 
	venue_time_ns INTEGER, 
	CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version), 
	CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence)
)
 STRICT

;
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',4,0,4,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,0,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',5,0,5,'VENUE','BASE/QUOTE','BUY','2','101',1767607500000000,0,'E2','E2','','[]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',6,0,6,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,0,'E3','E3','','[]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',5,1,7,'VENUE','BASE/QUOTE','BUY','2','102',1767607500000000,0,'E2c','E2','','[]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',4,1,8,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,1,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000002',6,1,9,'VENUE','BASE/QUOTE','BUY','1','100',1767607500000000,1,'E3','E3','','[]',NULL,NULL,'1',NULL,NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000005',3,0,3,'VENUE','BASE/QUOTE','BUY','1','100',1767607860000000,0,'E8','E8','','[]',NULL,NULL,'1','V2',NULL,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000007',2,0,2,'VENUE','BASE/QUOTE','BUY','0.5','105',1767607980000000,0,'X1','X1','','[]',NULL,NULL,'1','X',1767607200000000,NULL,NULL);
INSERT INTO "order_fills" VALUES('account','00000000-0000-7000-8000-000000000005',6,0,6,'VENUE','BASE/QUOTE','BUY','1','100',1767608400000000,0,'E10','E10','','[]',NULL,NULL,'1','V2',NULL,NULL,NULL);
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
INSERT INTO "order_identifiers" VALUES('account','VENUE','X','VENUE','','','00000000-0000-7000-8000-000000000007');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C3','VENUE','','','00000000-0000-7000-8000-000000000009');
INSERT INTO "order_identifiers" VALUES('account','CLIENT','C6','VENUE','','','00000000-0000-7000-8000-00000000000d');
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
INSERT INTO "order_request_withdrawals" VALUES('account','00000000-0000-7000-8000-00000000000b','no','me',NULL,1767608280000000,'{"actor":"me","reason":"no"}','290f0758188c47fb6ed2451888e2256225570353fbde56461c229a37b4cb2893');
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
	CONSTRAINT pk_order_requests PRIMARY KEY (account_id, request_id), 
	CONSTRAINT uq_order_requests_account_id_idempotency_key UNIQUE (account_id, idempotency_key), 
	CONSTRAINT uq_order_requests_account_id_venue_venue_account_id_scope_client_order_id UNIQUE (account_id, venue, venue_account, id_scope, client_order_id)
)
 STRICT

;
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000001',1767607320000000,'C1','NEW','C1','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,'s',NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C1","idempotency_key":"C1","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000001","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","venue":"VENUE"}','fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e');
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000004',1767607860000000,'C2','NEW','C2','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C2","idempotency_key":"C2","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000004","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc');
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-000000000008',1767608040000000,'C3','NEW','C3','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C3","idempotency_key":"C3","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000008","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','810a6a528d3475f1a42d5bb3a692ef5e6960a178beb7d69d3d37aac18c4a9cbb');
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-00000000000a',1767608160000000,'X1','CANCEL','X1','','00000000-0000-7000-8000-000000000005',NULL,NULL,'VENUE','','BASE/QUOTE','BUY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"CANCEL","client_order_id":"X1","idempotency_key":"X1","request_id":"00000000-0000-7000-8000-00000000000a","side":"BUY","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-000000000005","venue":"VENUE"}','3d2f927df9aea6e7f718e391449d705879de7f31af4128d3ddaf863f291b711b');
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-00000000000b',1767608280000000,'C5','NEW','C5','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C5","idempotency_key":"C5","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000b","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','a42dc037514131807864b7fa654f1a904b925a2d1d818e941f0563bddddf55f2');
INSERT INTO "order_requests" VALUES('account','00000000-0000-7000-8000-00000000000c',1767608340000000,'C6','NEW','C6','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C6","idempotency_key":"C6","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000c","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','0a60b3dc0b3dc794d1c6acb5b2c2cfd1a58686a0ace38960f16e818d0f19ab2e');
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
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000002','00000000-0000-7000-8000-000000000001','VENUE','','','BASE/QUOTE','BUY','LIMIT','s','PARTIALLY_FILLED',1,0,'10','2','8','204','C1','V1',10,'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751',7,1767607380000000,1767607740000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C1","venue_order_id":"V1","submitted":true,"acknowledged":true,"cum_quantity":"2","notional":"204","last_venue_time":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000005','00000000-0000-7000-8000-000000000004','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'CANCELED',0,0,'10','2','0','200','C2','V2',6,'ec78cc4fa1f7ba2b4f92b394aa629d2d691ccbf16d64d78ebea4ccae07255fa0',4,1767607860000000,1767608400000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C2","venue_order_id":"V2","submitted":true,"acknowledged":true,"cancelled":true,"cum_quantity":"2","notional":"200"}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000007',NULL,'VENUE','','','BASE/QUOTE','BUY','MARKET',NULL,'PARTIALLY_FILLED',1,0,NULL,'0.5',NULL,'52.5',NULL,'X',2,'b8ce9e16f615a645fbb79e9d36a103726fabd7c305c378858faafbf922e2b6ae',1,1767607980000000,1767607980000000,'{"venue_order_id":"X","acknowledged":true,"cum_quantity":"0.5","notional":"52.5","last_venue_time":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-000000000009','00000000-0000-7000-8000-000000000008','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C3',NULL,4,'23999530bd3af4bdbd43071877ae25c601bd59a3838755f8b7932fb50f980d73',2,1767608040000000,1767608100000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C3","submitted":true,"failed":true}');
INSERT INTO "orders" VALUES('account','00000000-0000-7000-8000-00000000000d','00000000-0000-7000-8000-00000000000c','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C6',NULL,2,'1ecda41e25cba872d65c3b401684dbc4e278b468d3dcab70bcd5d9704fdece5e',1,1767608340000000,1767608340000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C6","failed":true}');
CREATE TABLE sot_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT sot_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "sot_alembic_version" VALUES('0001');
CREATE TABLE sot_schema (
	version INTEGER NOT NULL, 
	CONSTRAINT pk_sot_schema PRIMARY KEY (version)
)
 STRICT

;
INSERT INTO "sot_schema" VALUES(1);
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
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END;
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END;
CREATE TRIGGER instruments_no_replace BEFORE INSERT ON instruments WHEN EXISTS (SELECT 1 FROM instruments WHERE account_id = NEW.account_id AND venue = NEW.venue AND symbol = NEW.symbol AND valid_from = NEW.valid_from) OR EXISTS (SELECT 1 FROM instruments WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: instruments'); END;
CREATE INDEX ix_order_requests_account_id_client_order_id ON order_requests (account_id, client_order_id);
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON order_requests (account_id, recorded_at, request_id);
CREATE INDEX ix_order_requests_request_id ON order_requests (request_id);
CREATE TRIGGER order_requests_no_update BEFORE UPDATE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_delete BEFORE DELETE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_replace BEFORE INSERT ON order_requests WHEN EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND idempotency_key = NEW.idempotency_key) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND venue = NEW.venue AND venue_account = NEW.venue_account AND id_scope = NEW.id_scope AND client_order_id = NEW.client_order_id) OR EXISTS (SELECT 1 FROM order_requests WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_requests'); END;
CREATE INDEX ix_unattributed_reports_report_id ON unattributed_reports (report_id);
CREATE TRIGGER unattributed_reports_no_update BEFORE UPDATE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_delete BEFORE DELETE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_replace BEFORE INSERT ON unattributed_reports WHEN EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND report_id = NEW.report_id) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: unattributed_reports'); END;
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
CREATE INDEX ix_orders_order_id ON orders (order_id);
CREATE INDEX ix_orders_account_id_created_at_order_id ON orders (account_id, created_at, order_id);
CREATE INDEX ix_order_identifiers_order_id ON order_identifiers (order_id);
CREATE INDEX ix_order_identifiers_account_id_order_id ON order_identifiers (account_id, order_id);
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON order_events (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_events_account_id_request_id ON order_events (account_id, request_id);
CREATE INDEX ix_order_events_order_id ON order_events (order_id);
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_replace BEFORE INSERT ON order_events WHEN EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND sequence = NEW.sequence) OR EXISTS (SELECT 1 FROM order_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_events'); END;
CREATE INDEX ix_order_costs_order_id ON order_costs (order_id);
CREATE INDEX ix_order_pnl_order_id ON order_pnl (order_id);
CREATE INDEX ix_exchange_reconciliation_account_id_order_id ON exchange_reconciliation (account_id, order_id);
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id);
CREATE INDEX ix_exchange_reconciliation_reconciliation_id ON exchange_reconciliation (reconciliation_id);
CREATE TRIGGER exchange_reconciliation_no_update BEFORE UPDATE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END;
CREATE TRIGGER exchange_reconciliation_no_delete BEFORE DELETE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END;
CREATE TRIGGER exchange_reconciliation_no_replace BEFORE INSERT ON exchange_reconciliation WHEN EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND reconciliation_id = NEW.reconciliation_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: exchange_reconciliation'); END;
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id);
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg);
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END;
COMMIT;
