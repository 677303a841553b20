PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE sot_schema (
	version INTEGER NOT NULL, 
	CONSTRAINT pk_sot_schema PRIMARY KEY (version)
)
 STRICT

;
INSERT INTO sot_schema VALUES(8);
CREATE TABLE sot_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT sot_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO sot_alembic_version VALUES('0008');
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
INSERT INTO api_keys VALUES('k1','0000000000000000000000000000000000000000000000000000000000000000','READ',1767607200000001,NULL,NULL,NULL);
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
INSERT INTO idempotency_records VALUES('account','i1','1111111111111111111111111111111111111111111111111111111111111111',201,NULL,'{}',1767607200000001);
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
INSERT INTO account_events VALUES('account','00000000-0000-7000-8000-0000000059d9','FUNDING','VENUE','','BASE/QUOTE','NET','','-1','QUOTE',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'F1',NULL,1767607200000000,1767608580000000,1,'','8ee0f9f62ddd9e10bccade43fb267c434b8731ad2dba68198ef851f2c7e2449f','f33f9902ee48c472955cc6debc768e9397228a3d173433162bdc8812838072b7','{"account_id":"account","amount":"-1","currency":"QUOTE","event_id":"00000000-0000-7000-8000-0000000059d9","external_id":"F1","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","symbol":"BASE/QUOTE","type":"FUNDING","venue":"VENUE"}','bc8b10efc168f52a9912f1e84bdc864dd2ade9aa877d291c2fe01bb3685edc84');
INSERT INTO account_events VALUES('account','00000000-0000-7000-8000-000000005dc1','TRANSFER','VENUE','','BASE/QUOTE','NET','',NULL,NULL,'3','290',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'F2',NULL,1767607200000000,1767608640000000,1,'','e9ac8fb4b769d1e80cf581f24efa3d6b2716b5b389d8cf0e4535dfdedb50c9c2','5f849b3048adf9db1bec04cc3cf76a944deba03cdb65bcc939ea098ad7a500e4','{"account_id":"account","cost":"290","event_id":"00000000-0000-7000-8000-000000005dc1","external_id":"F2","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","quantity":"3","symbol":"BASE/QUOTE","type":"TRANSFER","venue":"VENUE"}','bcf25bd23b065e7e0445c0fb0b10b61f3d96923ae38c5a986d81b045766183e7');
INSERT INTO account_events VALUES('account','00000000-0000-7000-8000-0000000061a9','SPLIT','VENUE','','BASE/QUOTE','NET','',NULL,NULL,NULL,NULL,'2','1',NULL,NULL,NULL,NULL,NULL,NULL,'F3',NULL,1767607200000000,1767608700000000,1,'','486410b8278fd3a55a66bfa9e8dec043a4e9c4c0549ae8aba52f795e7333da05','510b74a941ab974d7dca7e647c607d43e3207befe61b89266713580db9fd0b4b','{"account_id":"account","event_id":"00000000-0000-7000-8000-0000000061a9","external_id":"F3","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","split_from":"1","split_to":"2","symbol":"BASE/QUOTE","type":"SPLIT","venue":"VENUE"}','2e58dac566d14e26ffdbe4d268b981424148e99e2999c844a846729a7ae28955');
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
INSERT INTO positions VALUES('account','VENUE','BASE/QUOTE','LONG','p','','QUOTE','2026-01-05 10:18:00.000000 2 00000000000000000000 56454e5545  45319 56319  30303030303030302d303030302d373030302d383030302d303030303030303033653832 00000000000000000003','1.5','150.5','0','0','0','{}','0','{}','{}','{}','0','0',0,1,1767607200000000,2,1767608280000000,0,0);
INSERT INTO positions VALUES('account','VENUE','BASE/QUOTE','NET','','','QUOTE','2026-01-05 10:14:00.000000 2 00000000000000000000 56454e5545  45318 56312  30303030303030302d303030302d373030302d383030302d303030303030303033366232 00000000000000000003','9','783','0','0','0','{}','0','{}','{"FUNDING":"-1"}','{}','0','0',0,1,1767607140000000,7,1767608040000000,0,0);
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
INSERT INTO checkpoints VALUES(1,'00000000-0000-7000-8000-00000000a029',1767609660000000,61,61,'c160e0cad553be36cf2c92819a9eb0e6ddc53916abad1a6cbb47887c42300850','0000000000000000000000000000000000000000000000000000000000000000','50eb795a5c3c9ddc6dc9cddf0d4c6bb82af3cdc5d60e6d0828a43444281bc50e',NULL,NULL);
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
INSERT INTO fact_feed VALUES(1,'account','INSTRUMENT','["VENUE","BASE/QUOTE","1970-01-01T00:00:00.000000Z"]',0,'71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434',1767607260000000);
INSERT INTO fact_feed VALUES(2,'account','REQUEST','00000000-0000-7000-8000-0000000007d1',0,'93043258a9f710a04d4e03a8c8f23457c9277bfeb49ace985c36fd4a512571d0',1767607320000000);
INSERT INTO fact_feed VALUES(3,'account','CONTEXT','00000000-0000-7000-8000-0000000007d1',0,'c8b86849cbdf12dc52e19553515c7a9af3f76208856ef3db402d1f1ab2ebf4cb',1767607320000000);
INSERT INTO fact_feed VALUES(4,'account','RISK_CHECK','00000000-0000-7000-8000-0000000007d1',1,'5101adadf2caddf43fec84a1b4af1b54aa816ebbe3fb66bf6c53aff8ae85c8e7',1767607320000000);
INSERT INTO fact_feed VALUES(5,'account','RISK_CHECK','00000000-0000-7000-8000-0000000007d1',2,'125a1c853c746c8aae5e0718278d1330518993721ca527f2667b9f62f1963bae',1767607320000000);
INSERT INTO fact_feed VALUES(6,'account','RISK_CHECK','00000000-0000-7000-8000-0000000007d1',3,'f0e3c6b4c46ce6bfe616da09a6706af5aa7dc9962f853ef94e52642d6cf98b7d',1767607380000000);
INSERT INTO fact_feed VALUES(7,'account','EVENT','00000000-0000-7000-8000-000000000fa1',1,'abe62c330b00ed82627cc6977e494b20ed2b0e120a59e4122628534161eacb2d',1767607440000000);
INSERT INTO fact_feed VALUES(8,'account','EVENT','00000000-0000-7000-8000-000000000fa1',2,'78f21764c6b85a4cad8542c78f30d4d53502af89f65787a2053ee8be57a0f003',1767607440000000);
INSERT INTO fact_feed VALUES(9,'account','EVENT','00000000-0000-7000-8000-000000000fa1',3,'d52c99c682001ad379ac98b3aba5f4240caa8b7a7a2d103f808be0ad961ecc80',1767607500000000);
INSERT INTO fact_feed VALUES(10,'account','EVENT','00000000-0000-7000-8000-000000000fa1',4,'8d8ecae952bdada09e5046b6bd2ccf7ded82fbb0db3d472121d5915d76e1f97f',1767607560000000);
INSERT INTO fact_feed VALUES(11,'account','EVENT','00000000-0000-7000-8000-000000000fa1',5,'20aef609e3efbe7bb9fa5cf2bece0db151c67dd30f08dc9ef47f6873470e2ba2',1767607620000000);
INSERT INTO fact_feed VALUES(12,'account','EVENT','00000000-0000-7000-8000-000000000fa1',6,'562e1d551cb576aabcd7f0c638f6cfc70c9f6b6a0737c07a1c6c63b47ea80362',1767607620000000);
INSERT INTO fact_feed VALUES(13,'account','EVENT','00000000-0000-7000-8000-000000000fa1',7,'0ba02075b2730770870a98d078424d48927a1470d1cdbc515a6d54a6710a2856',1767607680000000);
INSERT INTO fact_feed VALUES(14,'account','EVENT','00000000-0000-7000-8000-000000000fa1',8,'f9b26e6bce8aa574c95d4ef34e67c164f6bf026cbff5a67ff68915858af46b08',1767607740000000);
INSERT INTO fact_feed VALUES(15,'account','EVENT','00000000-0000-7000-8000-000000000fa1',9,'c3b138b2704c5af5b8fdf8a3bb58a404f8f2587265fbc0c68fb57f1dfd44d259',1767607800000000);
INSERT INTO fact_feed VALUES(16,'account','EVENT','00000000-0000-7000-8000-000000000fa1',10,'31aa1e563c62fdabd38f951f251759d3e2285746bd13996a2b24cd76cea3d507',1767607860000000);
INSERT INTO fact_feed VALUES(17,'account','EVENT','00000000-0000-7000-8000-000000000fa1',11,'cc0a79bee5c9f6c88a31bd641f3da7470c8238ee913f47d0212114f13b77e583',1767607920000000);
INSERT INTO fact_feed VALUES(18,'account','UNATTRIBUTED','00000000-0000-7000-8000-0000000032c9',0,'a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811',1767607980000000);
INSERT INTO fact_feed VALUES(19,'account','REQUEST','00000000-0000-7000-8000-0000000036b1',0,'287b7cbe5cdac30642c1c76afd75466adc6722d003880c33a62807e9a488c3ee',1767608040000000);
INSERT INTO fact_feed VALUES(20,'account','EVENT','00000000-0000-7000-8000-0000000036b2',1,'80d0904b79906dfeb6137f94c250322b618a6f1c1fb3a599c09567a3575c1fe6',1767608040000000);
INSERT INTO fact_feed VALUES(21,'account','EVENT','00000000-0000-7000-8000-0000000036b2',2,'451b4c6e7e92444fd2569ec5024e417e068d793c1d979eb917d1fc8c29f884cc',1767608040000000);
INSERT INTO fact_feed VALUES(22,'account','EVENT','00000000-0000-7000-8000-0000000036b2',3,'14fa6d638328e5424aface6064218ade565c218ff010016b622b1617c49eadcd',1767608040000000);
INSERT INTO fact_feed VALUES(23,'account','EVENT','00000000-0000-7000-8000-0000000036b2',4,'ae117791e031412ff77a10f1bc513f5dd74b1d9eb0622d3e07c06644abc41141',1767608100000000);
INSERT INTO fact_feed VALUES(24,'account','REQUEST','00000000-0000-7000-8000-000000003e81',0,'d533679e18aa3c5b5bcfea8689585e285bcdad58f77f06046e5bb1eb02a2c779',1767608160000000);
INSERT INTO fact_feed VALUES(25,'account','EVENT','00000000-0000-7000-8000-000000003e82',1,'aface46a3bce5ed6ef9c88de50ace4abc63f1edd6d62d632d33f3710e7d5ef6d',1767608160000000);
INSERT INTO fact_feed VALUES(26,'account','EVENT','00000000-0000-7000-8000-000000003e82',2,'23c6f01ea2f2874c41dbed243f6611609232b47397d76027b17e9d292b5acb2f',1767608160000000);
INSERT INTO fact_feed VALUES(27,'account','UNATTRIBUTED','00000000-0000-7000-8000-000000004269',0,'4e6f3ae37386d984a2b101ad3843b4d37312d7a86f2883a78d95430850d855e7',1767608220000000);
INSERT INTO fact_feed VALUES(28,'account','EVENT','00000000-0000-7000-8000-000000003e82',3,'5ae1c2ad0c0f70c8bb53e6886beaa2ce47c3803d848c77782957a8c341fe92b4',1767608280000000);
INSERT INTO fact_feed VALUES(29,'account','UNATTRIBUTED','00000000-0000-7000-8000-000000004a39',0,'e7c98cea4eeb4fb6b1eb9eaaca0f172ee21c52cd8b06ec290ba12132314fed0d',1767608340000000);
INSERT INTO fact_feed VALUES(30,'account','EVENT','572ed738-2258-814a-a3e3-65f5476ae595',1,'62c7aa5238c5637a4b54c9099af156bf42dacd338e58992f18930476e7ff0a24',1767608400000000);
INSERT INTO fact_feed VALUES(31,'account','EVENT','572ed738-2258-814a-a3e3-65f5476ae595',2,'3b4d2a83415c520a6cc236ca9888c72eaada43ce646882263c0efecbbbf3e689',1767608400000000);
INSERT INTO fact_feed VALUES(32,'account','EVENT','a2623649-2f84-8349-823f-6536471c87a4',1,'a986b7d3b22ef391da50a3bb9d5dbb1e4ddb488f01665e1d3251e630112fbf41',1767608460000000);
INSERT INTO fact_feed VALUES(33,'account','EVENT','a2623649-2f84-8349-823f-6536471c87a4',2,'8656a56f564cb33c511368cccba04cdfa54df13230fc0cf78c09a9495895ef0c',1767608460000000);
INSERT INTO fact_feed VALUES(34,'account','EVENT','a2623649-2f84-8349-823f-6536471c87a4',3,'1fe60b199f12337e0db31ac560f25b8e7165fdefae286a91bfd4598d6c7a4b48',1767608520000000);
INSERT INTO fact_feed VALUES(35,'account','EVENT','00000000-0000-7000-8000-000000003e82',4,'89d09ffae27c73d027e59aabb460e3decc0b64b91ebfcb74516f6f90c423edaf',1767608520000000);
INSERT INTO fact_feed VALUES(36,'account','ACCOUNT_EVENT','00000000-0000-7000-8000-0000000059d9',0,'bc8b10efc168f52a9912f1e84bdc864dd2ade9aa877d291c2fe01bb3685edc84',1767608580000000);
INSERT INTO fact_feed VALUES(37,'account','ACCOUNT_EVENT','00000000-0000-7000-8000-000000005dc1',0,'bcf25bd23b065e7e0445c0fb0b10b61f3d96923ae38c5a986d81b045766183e7',1767608640000000);
INSERT INTO fact_feed VALUES(38,'account','ACCOUNT_EVENT','00000000-0000-7000-8000-0000000061a9',0,'2e58dac566d14e26ffdbe4d268b981424148e99e2999c844a846729a7ae28955',1767608700000000);
INSERT INTO fact_feed VALUES(39,'account','REQUEST','00000000-0000-7000-8000-000000006591',0,'6b71ebfb2a6830169c7fc71bc1d9377778cc1c4b08f78be3cd7d2fd2b184af5e',1767608760000000);
INSERT INTO fact_feed VALUES(40,'account','EVENT','00000000-0000-7000-8000-000000006592',1,'afbc4a443009ae68f14eb32215d5449b291b7b37f8e4f9caf4eddb469ab3065c',1767608760000000);
INSERT INTO fact_feed VALUES(41,'account','EVENT','00000000-0000-7000-8000-000000006592',2,'3cc85ea09bf9e17dacba2db6a236d74949ce551fdde9fb5f8b5fc6429b0aeeb4',1767608760000000);
INSERT INTO fact_feed VALUES(42,'account','EVENT','00000000-0000-7000-8000-000000006592',3,'1a7c634e2233b6ea1e2b2116346a6b2680e3cb642693c07b4d06d49dd9047ef0',1767608820000000);
INSERT INTO fact_feed VALUES(43,'account','EVENT','00000000-0000-7000-8000-000000006592',4,'cf25c61ee6775ee1cecf90decc88095164368dd323d239e84ededd1319b77c0b',1767608880000000);
INSERT INTO fact_feed VALUES(44,'account','REQUEST','00000000-0000-7000-8000-000000007149',0,'c85af0b379043de254c4c85c5577dacecf873b236e3d42ed595bfed24792cf2a',1767608940000000);
INSERT INTO fact_feed VALUES(45,'account','EVENT','00000000-0000-7000-8000-0000000036b2',5,'2903cd2a69c42c136e4f1e042cc4e33027df62c9c47ec8fd451b17f261beffd6',1767608940000000);
INSERT INTO fact_feed VALUES(46,'account','EVENT','00000000-0000-7000-8000-0000000036b2',6,'9fc242f71254157c93884ae9ef2c6445b49eb63d1f344bf845e81bf9923e2c28',1767609000000000);
INSERT INTO fact_feed VALUES(47,'account','REQUEST','00000000-0000-7000-8000-000000007919',0,'ccee651b7ada7289a63d13c480b11d2478c1048131e2823b3e155bec24a29de3',1767609060000000);
INSERT INTO fact_feed VALUES(48,'account','EVENT','00000000-0000-7000-8000-000000000fa1',12,'d37bfedcc635d85bb7e2e0bb34d6b83b45af19a0e6fa78be4542e031b370eef3',1767609060000000);
INSERT INTO fact_feed VALUES(49,'account','EVENT','00000000-0000-7000-8000-000000000fa1',13,'950db6afeb3850361169c8bfa68e53e9e423a1aae008f08a10894458b46e0f50',1767609120000000);
INSERT INTO fact_feed VALUES(50,'account','REQUEST','00000000-0000-7000-8000-0000000080e9',0,'301d6d5ed7a57eda62a4bf575fc151d27c4a255915488bdb9a68d0a8863f0b33',1767609180000000);
INSERT INTO fact_feed VALUES(51,'account','EVENT','00000000-0000-7000-8000-0000000084d1',1,'f59794e36726ad0afb14f2e0a69685c65952bcd47b0e2dbba1db827b90331691',1767609240000000);
INSERT INTO fact_feed VALUES(52,'account','EVENT','00000000-0000-7000-8000-0000000084d1',2,'47e82222e456d0bca76c92b62b44d164af31e3079690307e45849f149578ed56',1767609240000000);
INSERT INTO fact_feed VALUES(53,'account','REQUEST','00000000-0000-7000-8000-0000000088b9',0,'998603c3836f33b9663a2299df57d6d0e9c2b9e715f86874004603bb4b2c23c4',1767609300000000);
INSERT INTO fact_feed VALUES(54,'account','WITHDRAWAL','00000000-0000-7000-8000-0000000088b9',0,'3bf7ff8dfe9f33ed47fc34da03532f7c8f1adf2af17a1c8ee4a4a1c4f5a51296',1767609360000000);
INSERT INTO fact_feed VALUES(55,'account','INSTRUMENT','["VENUE","BASE/QUOTE","1970-01-01T00:00:00.000000Z"]',1,'b3b562e64c5980616c7d699bf3b02280efa3724b44c4b007fa7e10c94b1deaa0',1767609420000000);
INSERT INTO fact_feed VALUES(56,'account','RECONCILIATION','00000000-0000-7000-8000-000000009471',0,'ae448977ded2edbade29faf941485435b40aa2f2aaffdda3afc321d13e02924c',1767609480000000);
INSERT INTO fact_feed VALUES(57,'account','RECONCILIATION','00000000-0000-7000-8000-000000009472',0,'1248140941db2e8a45f107a694c4a9d4836a066cd6ce1b650a6a7947866e7630',1767609480000000);
INSERT INTO fact_feed VALUES(58,'account','RECONCILIATION','00000000-0000-7000-8000-000000009473',0,'225dbf5c5d00647bd5cb50fd5a9f95e62a2486b2bbe41fd96795e9481138d01e',1767609480000000);
INSERT INTO fact_feed VALUES(59,'account','RECONCILIATION','00000000-0000-7000-8000-000000009474',0,'33ec4c8ed6fc5eaef0c6bf821177defc888a7aa21657b3fed406aea57fe90b46',1767609480000000);
INSERT INTO fact_feed VALUES(60,'account','RECONCILIATION','00000000-0000-7000-8000-000000009475',0,'788818c5a8c5e8abf50ad3c982d3f7561bc52d332f9df6c0d79e0ba3c7f79199',1767609480000000);
INSERT INTO fact_feed VALUES(61,'account','RECONCILIATION','e3ad5518-178e-83cd-9438-beef4c3e120c',0,'4f2ee2440d828dfbc21c6f227fb02b63d8f6cf25f18fc842a0209c2d60b386ed',1767609540000000);
INSERT INTO fact_feed VALUES(62,'account','RECONCILIATION','00000000-0000-7000-8000-00000000a7f9',0,'ff2363c503ba0001830ee390f25cfdf8001cbf5c80334bc2cb3bd2bfa74e2c35',1767609780000000);
INSERT INTO fact_feed VALUES(63,'account','RECONCILIATION','d2b1a43b-28d7-8cb7-83c0-9e7ed7fcda96',0,'4858ba2d914ebb118a05c7e0dfc91c1cd4b4f4c4d05d3892bfcaa724bcb9027c',1767609780000000);
INSERT INTO fact_feed VALUES(64,'account','RECONCILIATION','19fe6b2b-4c2b-8f1e-a578-91e755459db5',0,'a81535c77dbeba848d9befe6812cfd894694b9876f3219b157da1e917144caad',1767609780000000);
INSERT INTO fact_feed VALUES(65,'account','RECONCILIATION','6b358854-d51b-8b35-b685-a3262681bb34',0,'e1845070f195464a709b0c698152ce00125dddfb317ab26bd0c274726f2667a9',1767609780000000);
INSERT INTO fact_feed VALUES(66,'account','RECONCILIATION','962c419e-b4ff-8663-9ca9-5fb8a4541fa0',0,'3b72ccf6cdd6273874b8320ae08f3287bb79008eda8aa5f37be55541dc264114',1767609780000000);
INSERT INTO fact_feed VALUES(67,'account','RECONCILIATION','cbe010b1-5f81-854f-898c-f3ff2987b367',0,'e9638b0d9151926582b0e8ab24a46dad6f1743134736da47a82aca2f6bca1b7e',1767609780000000);
INSERT INTO fact_feed VALUES(68,'account','RECONCILIATION','8a7813d5-0618-8386-b21e-6320a422bf93',0,'055bd8af4aa984684388bdd66a160cbbf3c79e9ec5a05da0211e4bc1fc3d704b',1767609780000000);
INSERT INTO fact_feed VALUES(69,'account','RECONCILIATION','7525d3c0-0fd9-8db1-841f-5ad2106185d6',0,'b2dc41d046a42ab58418d0be3706df182ac106f0a3bb3093ee738b19eb0da23c',1767609780000000);
INSERT INTO fact_feed VALUES(70,'account','RECONCILIATION','b199dcda-fe00-873a-8511-2a1334eb618b',0,'6fce3401a75e783db3edd368ec4cee89058ac996e0be64b5fbe9d453ff10b8fb',1767609780000000);
INSERT INTO fact_feed VALUES(71,'account','RECONCILIATION','1a714cce-8d69-806e-9fad-b5c7cb3ef2fe',0,'f135c462943a52ac80b7c9f830bc8bf535f4e51de40490a1537b93c679d42684',1767609780000000);
INSERT INTO fact_feed VALUES(72,'account','RECONCILIATION','97cde295-a45f-8cb4-8cce-51a874b8938b',0,'22e16a73dc376202474139383546185fa909aeef9cc3725d16e06fd7531dd5a5',1767609780000000);
INSERT INTO fact_feed VALUES(73,'account','RECONCILIATION','22dc968b-c550-8e68-9957-d43d423c2e32',0,'caee3eec4549cda4dbd8eb9ffdaa0a5a68e95031f5d98e4b0721d8421bf4ad98',1767609780000000);
INSERT INTO fact_feed VALUES(74,'account','RECONCILIATION','e6b956b8-61a6-86b9-bf90-35700e4130ac',0,'181893171e465e41024aa3a67a97e8a193caeb67cc488857d8a5f9d83de46e71',1767609780000000);
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
INSERT INTO instruments VALUES('account','VENUE','BASE/QUOTE',0,0,'SPOT','BASE','QUOTE','QUOTE','1',0,'{"account_id":"account","base":"BASE","inverse":false,"kind":"SPOT","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}','71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434');
INSERT INTO instruments VALUES('account','VENUE','BASE/QUOTE',0,1,'MARGIN','BASE','QUOTE','QUOTE','1',0,'{"account_id":"account","base":"BASE","corrects":["1970-01-01T00:00:00.000000Z"],"inverse":false,"kind":"MARGIN","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}','b3b562e64c5980616c7d699bf3b02280efa3724b44c4b007fa7e10c94b1deaa0');
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
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-0000000007d1',1767607320000000,'C1','NEW','C1','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,'s',NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C1","idempotency_key":"C1","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-0000000007d1","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","venue":"VENUE"}','93043258a9f710a04d4e03a8c8f23457c9277bfeb49ace985c36fd4a512571d0',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-0000000036b1',1767608040000000,'C2','NEW','C2','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C2","idempotency_key":"C2","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-0000000036b1","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','287b7cbe5cdac30642c1c76afd75466adc6722d003880c33a62807e9a488c3ee',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-000000003e81',1767608160000000,'C3','NEW','C3','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C3","idempotency_key":"C3","limit_price":"100","order_type":"LIMIT","position_id":"p","position_side":"LONG","quantity":"10","request_id":"00000000-0000-7000-8000-000000003e81","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','d533679e18aa3c5b5bcfea8689585e285bcdad58f77f06046e5bb1eb02a2c779',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-000000006591',1767608760000000,'C6','NEW','C6','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C6","idempotency_key":"C6","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000006591","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','6b71ebfb2a6830169c7fc71bc1d9377778cc1c4b08f78be3cd7d2fd2b184af5e',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-000000007149',1767608940000000,'X1','CANCEL','X1','','00000000-0000-7000-8000-0000000036b2',NULL,NULL,'VENUE','','BASE/QUOTE','BUY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"CANCEL","client_order_id":"X1","idempotency_key":"X1","request_id":"00000000-0000-7000-8000-000000007149","side":"BUY","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-0000000036b2","venue":"VENUE"}','c85af0b379043de254c4c85c5577dacecf873b236e3d42ed595bfed24792cf2a',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-000000007919',1767609060000000,'R1','REPLACE','R1','','00000000-0000-7000-8000-000000000fa1',NULL,NULL,'VENUE','','BASE/QUOTE','BUY',NULL,'12',NULL,NULL,NULL,NULL,'s',NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"REPLACE","client_order_id":"R1","idempotency_key":"R1","quantity":"12","request_id":"00000000-0000-7000-8000-000000007919","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-000000000fa1","venue":"VENUE"}','ccee651b7ada7289a63d13c480b11d2478c1048131e2823b3e155bec24a29de3',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-0000000080e9',1767609180000000,'C4','NEW','C4','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C4","idempotency_key":"C4","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-0000000080e9","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','301d6d5ed7a57eda62a4bf575fc151d27c4a255915488bdb9a68d0a8863f0b33',NULL);
INSERT INTO order_requests VALUES('account','00000000-0000-7000-8000-0000000088b9',1767609300000000,'C5','NEW','C5','',NULL,NULL,NULL,'VENUE','','BASE/QUOTE','BUY','LIMIT','10',NULL,'100',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"account_id":"account","action":"NEW","client_order_id":"C5","idempotency_key":"C5","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-0000000088b9","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}','998603c3836f33b9663a2299df57d6d0e9c2b9e715f86874004603bb4b2c23c4',NULL);
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
INSERT INTO unattributed_reports VALUES('account','00000000-0000-7000-8000-0000000032c9','TRADE','VENUE',NULL,'C2','V2','E8',NULL,1767607980000000,'00c6dec3e04035a440bc341ba356e93f7c5de61b32253d64c1740473ebab5e95','{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"}','a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811');
INSERT INTO unattributed_reports VALUES('account','00000000-0000-7000-8000-000000004269','TRADE','VENUE',NULL,NULL,'V9','E9',NULL,1767608220000000,'b511736cd418c8c7bdf8e288c1e9ef9ce5e219c623902091522de4745d8685e2','{"account_id":"account","exec_id":"E9","last_price":"98","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}','4e6f3ae37386d984a2b101ad3843b4d37312d7a86f2883a78d95430850d855e7');
INSERT INTO unattributed_reports VALUES('account','00000000-0000-7000-8000-000000004a39','TRADE','VENUE','BASE/QUOTE',NULL,'W','W1',1767607200000000,1767608340000000,'0f5cce3b32ac4c0b55b2095e7af73145331f273c5a798df8cbb546fe8e015d74','{"account_id":"account","exec_id":"W1","last_price":"99","last_quantity":"1","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"W"}','e7c98cea4eeb4fb6b1eb9eaaca0f172ee21c52cd8b06ec290ba12132314fed0d');
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
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-000000009471','RUN','VENUE','sub ''one''',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,'reconciler',1767571200000001,'{"":{},"seen":[1,0.1,null,{"é":true}],"since":"2026-01-05"}',1767609480000000,'{"account_id":"account","actor":"reconciler","checked_at":"2026-01-05T00:00:00.000001Z","inputs":"{\"\":{},\"seen\":[1,0.1,null,{\"é\":true}],\"since\":\"2026-01-05\"}","record_id":"00000000-0000-7000-8000-000000009471","type":"RUN","venue":"VENUE","venue_account":"sub ''one''"}','ae448977ded2edbade29faf941485435b40aa2f2aaffdda3afc321d13e02924c');
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-000000009472','INPUT','VENUE','sub ''one''','00000000-0000-7000-8000-000000009471',7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767571200000001,'[{"":{},"seen":[1,0.1,null,{"é":true}],"since":"2026-01-05"}]',1767609480000000,'{"account_id":"account","checked_at":"2026-01-05T00:00:00.000001Z","inputs":"[{\"\":{},\"seen\":[1,0.1,null,{\"é\":true}],\"since\":\"2026-01-05\"}]","number":7,"record_id":"00000000-0000-7000-8000-000000009472","run_id":"00000000-0000-7000-8000-000000009471","type":"INPUT","venue":"VENUE","venue_account":"sub ''one''"}','1248140941db2e8a45f107a694c4a9d4836a066cd6ce1b650a6a7947866e7630');
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-000000009473','FINDING','VENUE','sub ''one''','00000000-0000-7000-8000-000000009471',NULL,NULL,'1111111111111111111111111111111111111111111111111111111111111111','QUANTITY_DIFFERS','00000000-0000-7000-8000-0000000000a1','C1','V%1','E1','2','BASE/QUOTE','SHORT','P1','PENDING_CANCEL','FILLED','-0.000000000000000001','99999999999999999999.999999999999999999',NULL,NULL,NULL,1767571200000001,NULL,1767609480000000,'{"account_id":"account","checked_at":"2026-01-05T00:00:00.000001Z","client_order_id":"C1","exchange_quantity":"99999999999999999999.999999999999999999","exchange_status":"FILLED","exec_id":"E1","leg":"2","local_quantity":"-0.000000000000000001","local_status":"PENDING_CANCEL","mismatch":"QUANTITY_DIFFERS","order_id":"00000000-0000-7000-8000-0000000000a1","position_id":"P1","position_side":"SHORT","record_id":"00000000-0000-7000-8000-000000009473","run_id":"00000000-0000-7000-8000-000000009471","subject":"1111111111111111111111111111111111111111111111111111111111111111","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_account":"sub ''one''","venue_order_id":"V%1"}','225dbf5c5d00647bd5cb50fd5a9f95e62a2486b2bbe41fd96795e9481138d01e');
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-000000009474','RESOLUTION','VENUE','sub ''one''',NULL,NULL,'00000000-0000-7000-8000-000000009473',NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,'ACCEPTED','looked','ada',1767571200000001,NULL,1767609480000000,'{"account_id":"account","actor":"ada","checked_at":"2026-01-05T00:00:00.000001Z","finding_id":"00000000-0000-7000-8000-000000009473","reason":"looked","record_id":"00000000-0000-7000-8000-000000009474","resolution":"ACCEPTED","type":"RESOLUTION","venue":"VENUE","venue_account":"sub ''one''"}','33ec4c8ed6fc5eaef0c6bf821177defc888a7aa21657b3fed406aea57fe90b46');
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-000000009475','FINDING','VENUE','','00000000-0000-7000-8000-000000009471',NULL,NULL,'1111111111111111111111111111111111111111111111111111111111111111','STATUS_DIFFERS',NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767609480000000,'{"account_id":"account","mismatch":"STATUS_DIFFERS","record_id":"00000000-0000-7000-8000-000000009475","run_id":"00000000-0000-7000-8000-000000009471","subject":"1111111111111111111111111111111111111111111111111111111111111111","type":"FINDING","venue":"VENUE"}','788818c5a8c5e8abf50ad3c982d3f7561bc52d332f9df6c0d79e0ba3c7f79199');
INSERT INTO exchange_reconciliation VALUES('account','e3ad5518-178e-83cd-9438-beef4c3e120c','RESOLUTION','VENUE','',NULL,NULL,'00000000-0000-7000-8000-000000009475',NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,'ACCEPTED','looked','me',NULL,NULL,1767609540000000,'{"account_id":"account","actor":"me","finding_id":"00000000-0000-7000-8000-000000009475","reason":"looked","record_id":"e3ad5518-178e-83cd-9438-beef4c3e120c","resolution":"ACCEPTED","type":"RESOLUTION","venue":"VENUE"}','4f2ee2440d828dfbc21c6f227fb02b63d8f6cf25f18fc842a0209c2d60b386ed');
INSERT INTO exchange_reconciliation VALUES('account','00000000-0000-7000-8000-00000000a7f9','RUN','VENUE','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767609780000000,'{"grace_seconds":"0.0","healing":false,"history":{"account_id":"account","coverage":{"complete":true},"taken_at":"2026-01-05T10:43:00.000000Z","venue":"VENUE"},"place":{"cursor":"0","since":"2026-01-05T10:43:00.000000Z","symbols":null},"recorded":0,"venue":{"account_id":"account","asked_at":"2026-01-05T10:43:00.000000Z","executed":{"complete":true},"held":{"complete":true},"open_orders":{"complete":true},"venue":"VENUE"}}',1767609780000000,'{"account_id":"account","checked_at":"2026-01-05T10:43:00.000000Z","inputs":"{\"grace_seconds\":\"0.0\",\"healing\":false,\"history\":{\"account_id\":\"account\",\"coverage\":{\"complete\":true},\"taken_at\":\"2026-01-05T10:43:00.000000Z\",\"venue\":\"VENUE\"},\"place\":{\"cursor\":\"0\",\"since\":\"2026-01-05T10:43:00.000000Z\",\"symbols\":null},\"recorded\":0,\"venue\":{\"account_id\":\"account\",\"asked_at\":\"2026-01-05T10:43:00.000000Z\",\"executed\":{\"complete\":true},\"held\":{\"complete\":true},\"open_orders\":{\"complete\":true},\"venue\":\"VENUE\"}}","record_id":"00000000-0000-7000-8000-00000000a7f9","type":"RUN","venue":"VENUE"}','ff2363c503ba0001830ee390f25cfdf8001cbf5c80334bc2cb3bd2bfa74e2c35');
INSERT INTO exchange_reconciliation VALUES('account','d2b1a43b-28d7-8cb7-83c0-9e7ed7fcda96','INPUT','VENUE','','00000000-0000-7000-8000-00000000a7f9',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"history":{"orders":[{"changed_at":"2026-01-05T10:32:00.000000Z","client_order_ids":["R1"],"cum_quantity":"3","executions":[{"busted":true,"exec_id":"E1","first_exec_id":"E1","happened_at":"2026-01-05T10:06:00.000000Z","price":"100","quantity":"1"},{"busted":false,"exec_id":"E2c","first_exec_id":"E2","happened_at":"2026-01-05T10:07:00.000000Z","price":"102","quantity":"2"},{"busted":true,"exec_id":"E3","first_exec_id":"E3","happened_at":"2026-01-05T10:07:00.000000Z","price":"101","quantity":"1"},{"busted":false,"exec_id":"E0","first_exec_id":"E0","happened_at":"2026-01-05T09:59:00.000000Z","price":"90","quantity":"1"}],"in_doubt":false,"is_open":true,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000000fa1","order_quantity":"12","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["V1"]},{"changed_at":"2026-01-05T10:22:00.000000Z","client_order_ids":["C3"],"cum_quantity":"1.5","executions":[{"busted":false,"exec_id":"E9","first_exec_id":"E9","happened_at":"2026-01-05T10:18:00.000000Z","price":"98","quantity":"1"},{"busted":false,"exec_id":"X1","first_exec_id":"X1","happened_at":"2026-01-05T10:00:00.000000Z","price":"105","quantity":"0.5"}],"in_doubt":false,"is_open":true,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000003e82","order_quantity":"10","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["V9"]},{"changed_at":"2026-01-05T10:20:00.000000Z","cum_quantity":"1","executions":[{"busted":false,"exec_id":"W1","first_exec_id":"W1","happened_at":"2026-01-05T10:00:00.000000Z","price":"99","quantity":"1"}],"in_doubt":false,"is_open":true,"order_id":"572ed738-2258-814a-a3e3-65f5476ae595","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["W"]},{"changed_at":"2026-01-05T10:30:00.000000Z","client_order_ids":["C2"],"cum_quantity":"1","executions":[{"busted":false,"exec_id":"E8","first_exec_id":"E8","happened_at":"2026-01-05T10:14:00.000000Z","price":"100","quantity":"1"}],"in_doubt":false,"is_open":false,"limit_price":"100","order_id":"00000000-0000-7000-8000-0000000036b2","order_quantity":"10","status":"CANCELED","symbol":"BASE/QUOTE","venue_order_ids":["V2"]}],"positions":[{"position_id":"p","position_side":"LONG","quantity":"1.5","symbol":"BASE/QUOTE"},{"position_side":"NET","quantity":"9","symbol":"BASE/QUOTE"}]},"venue":{"absent":["00000000-0000-7000-8000-000000000fa1","00000000-0000-7000-8000-000000003e82","572ed738-2258-814a-a3e3-65f5476ae595"]}}',1767609780000000,'{"account_id":"account","inputs":"{\"history\":{\"orders\":[{\"changed_at\":\"2026-01-05T10:32:00.000000Z\",\"client_order_ids\":[\"R1\"],\"cum_quantity\":\"3\",\"executions\":[{\"busted\":true,\"exec_id\":\"E1\",\"first_exec_id\":\"E1\",\"happened_at\":\"2026-01-05T10:06:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"},{\"busted\":false,\"exec_id\":\"E2c\",\"first_exec_id\":\"E2\",\"happened_at\":\"2026-01-05T10:07:00.000000Z\",\"price\":\"102\",\"quantity\":\"2\"},{\"busted\":true,\"exec_id\":\"E3\",\"first_exec_id\":\"E3\",\"happened_at\":\"2026-01-05T10:07:00.000000Z\",\"price\":\"101\",\"quantity\":\"1\"},{\"busted\":false,\"exec_id\":\"E0\",\"first_exec_id\":\"E0\",\"happened_at\":\"2026-01-05T09:59:00.000000Z\",\"price\":\"90\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":true,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000000fa1\",\"order_quantity\":\"12\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V1\"]},{\"changed_at\":\"2026-01-05T10:22:00.000000Z\",\"client_order_ids\":[\"C3\"],\"cum_quantity\":\"1.5\",\"executions\":[{\"busted\":false,\"exec_id\":\"E9\",\"first_exec_id\":\"E9\",\"happened_at\":\"2026-01-05T10:18:00.000000Z\",\"price\":\"98\",\"quantity\":\"1\"},{\"busted\":false,\"exec_id\":\"X1\",\"first_exec_id\":\"X1\",\"happened_at\":\"2026-01-05T10:00:00.000000Z\",\"price\":\"105\",\"quantity\":\"0.5\"}],\"in_doubt\":false,\"is_open\":true,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000003e82\",\"order_quantity\":\"10\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V9\"]},{\"changed_at\":\"2026-01-05T10:20:00.000000Z\",\"cum_quantity\":\"1\",\"executions\":[{\"busted\":false,\"exec_id\":\"W1\",\"first_exec_id\":\"W1\",\"happened_at\":\"2026-01-05T10:00:00.000000Z\",\"price\":\"99\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":true,\"order_id\":\"572ed738-2258-814a-a3e3-65f5476ae595\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"W\"]},{\"changed_at\":\"2026-01-05T10:30:00.000000Z\",\"client_order_ids\":[\"C2\"],\"cum_quantity\":\"1\",\"executions\":[{\"busted\":false,\"exec_id\":\"E8\",\"first_exec_id\":\"E8\",\"happened_at\":\"2026-01-05T10:14:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":false,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-0000000036b2\",\"order_quantity\":\"10\",\"status\":\"CANCELED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V2\"]}],\"positions\":[{\"position_id\":\"p\",\"position_side\":\"LONG\",\"quantity\":\"1.5\",\"symbol\":\"BASE/QUOTE\"},{\"position_side\":\"NET\",\"quantity\":\"9\",\"symbol\":\"BASE/QUOTE\"}]},\"venue\":{\"absent\":[\"00000000-0000-7000-8000-000000000fa1\",\"00000000-0000-7000-8000-000000003e82\",\"572ed738-2258-814a-a3e3-65f5476ae595\"]}}","number":1,"record_id":"d2b1a43b-28d7-8cb7-83c0-9e7ed7fcda96","run_id":"00000000-0000-7000-8000-00000000a7f9","type":"INPUT","venue":"VENUE"}','4858ba2d914ebb118a05c7e0dfc91c1cd4b4f4c4d05d3892bfcaa724bcb9027c');
INSERT INTO exchange_reconciliation VALUES('account','19fe6b2b-4c2b-8f1e-a578-91e755459db5','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'985c3172d8bddeab0759ffb941e70bbd63ccbd298f652017a2aab9ee2c9346fe','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000fa1','R1','V1',NULL,'','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,NULL,NULL,NULL,'the venue knows no such order',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"R1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000fa1","reason":"the venue knows no such order","record_id":"19fe6b2b-4c2b-8f1e-a578-91e755459db5","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"985c3172d8bddeab0759ffb941e70bbd63ccbd298f652017a2aab9ee2c9346fe","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}','a81535c77dbeba848d9befe6812cfd894694b9876f3219b157da1e917144caad');
INSERT INTO exchange_reconciliation VALUES('account','6b358854-d51b-8b35-b685-a3262681bb34','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'6c41c78a083960dee812e76b5b4afdcbfd1b72697e930092d7d4386c10919677','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000fa1','R1','V1','E2c','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'2',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"R1","exec_id":"E2c","local_quantity":"2","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000fa1","reason":"the venue does not list this execution","record_id":"6b358854-d51b-8b35-b685-a3262681bb34","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"6c41c78a083960dee812e76b5b4afdcbfd1b72697e930092d7d4386c10919677","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}','e1845070f195464a709b0c698152ce00125dddfb317ab26bd0c274726f2667a9');
INSERT INTO exchange_reconciliation VALUES('account','962c419e-b4ff-8663-9ca9-5fb8a4541fa0','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'bdd1d24a122aaeaddcf92a574af2a17024802f1c8f97ebc27f414d9219229ae5','MISSING_AT_VENUE','00000000-0000-7000-8000-000000000fa1','R1','V1','E0','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'1',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"R1","exec_id":"E0","local_quantity":"1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000fa1","reason":"the venue does not list this execution","record_id":"962c419e-b4ff-8663-9ca9-5fb8a4541fa0","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"bdd1d24a122aaeaddcf92a574af2a17024802f1c8f97ebc27f414d9219229ae5","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}','3b72ccf6cdd6273874b8320ae08f3287bb79008eda8aa5f37be55541dc264114');
INSERT INTO exchange_reconciliation VALUES('account','cbe010b1-5f81-854f-898c-f3ff2987b367','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'40fbeb5dc1f73e5fea380a3b08cec58006af7422666737b204617bad00544d16','MISSING_AT_VENUE','00000000-0000-7000-8000-000000003e82','C3','V9',NULL,'','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,NULL,NULL,NULL,'the venue knows no such order',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"C3","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000003e82","reason":"the venue knows no such order","record_id":"cbe010b1-5f81-854f-898c-f3ff2987b367","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"40fbeb5dc1f73e5fea380a3b08cec58006af7422666737b204617bad00544d16","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V9"}','e9638b0d9151926582b0e8ab24a46dad6f1743134736da47a82aca2f6bca1b7e');
INSERT INTO exchange_reconciliation VALUES('account','8a7813d5-0618-8386-b21e-6320a422bf93','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'237327607de5dd4d7b3ddf4c59f0eb94da9c68035b0dbdfc58f2dd797316c4a9','MISSING_AT_VENUE','00000000-0000-7000-8000-000000003e82','C3','V9','E9','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'1',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"C3","exec_id":"E9","local_quantity":"1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000003e82","reason":"the venue does not list this execution","record_id":"8a7813d5-0618-8386-b21e-6320a422bf93","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"237327607de5dd4d7b3ddf4c59f0eb94da9c68035b0dbdfc58f2dd797316c4a9","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V9"}','055bd8af4aa984684388bdd66a160cbbf3c79e9ec5a05da0211e4bc1fc3d704b');
INSERT INTO exchange_reconciliation VALUES('account','7525d3c0-0fd9-8db1-841f-5ad2106185d6','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'998b167f9755688454e4ee2a9df81b386b58b8fc93432da1d3a5a1c8d9ea4d77','MISSING_AT_VENUE','00000000-0000-7000-8000-000000003e82','C3','V9','X1','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'0.5',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"C3","exec_id":"X1","local_quantity":"0.5","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000003e82","reason":"the venue does not list this execution","record_id":"7525d3c0-0fd9-8db1-841f-5ad2106185d6","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"998b167f9755688454e4ee2a9df81b386b58b8fc93432da1d3a5a1c8d9ea4d77","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V9"}','b2dc41d046a42ab58418d0be3706df182ac106f0a3bb3093ee738b19eb0da23c');
INSERT INTO exchange_reconciliation VALUES('account','b199dcda-fe00-873a-8511-2a1334eb618b','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'8688264ba54ddaed210f7fcffc8c4296538152202ae1ba9ae3153b1381b32fd1','MISSING_AT_VENUE','572ed738-2258-814a-a3e3-65f5476ae595',NULL,'W',NULL,'','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,NULL,NULL,NULL,'the venue knows no such order',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"572ed738-2258-814a-a3e3-65f5476ae595","reason":"the venue knows no such order","record_id":"b199dcda-fe00-873a-8511-2a1334eb618b","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"8688264ba54ddaed210f7fcffc8c4296538152202ae1ba9ae3153b1381b32fd1","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"W"}','6fce3401a75e783db3edd368ec4cee89058ac996e0be64b5fbe9d453ff10b8fb');
INSERT INTO exchange_reconciliation VALUES('account','1a714cce-8d69-806e-9fad-b5c7cb3ef2fe','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'595083a6e7b61367e7b40a0f8a8d6e218b2c83ec47083450853a48db493278a0','MISSING_AT_VENUE','572ed738-2258-814a-a3e3-65f5476ae595',NULL,'W','W1','','BASE/QUOTE',NULL,'','PARTIALLY_FILLED',NULL,'1',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","exec_id":"W1","local_quantity":"1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"572ed738-2258-814a-a3e3-65f5476ae595","reason":"the venue does not list this execution","record_id":"1a714cce-8d69-806e-9fad-b5c7cb3ef2fe","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"595083a6e7b61367e7b40a0f8a8d6e218b2c83ec47083450853a48db493278a0","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"W"}','f135c462943a52ac80b7c9f830bc8bf535f4e51de40490a1537b93c679d42684');
INSERT INTO exchange_reconciliation VALUES('account','97cde295-a45f-8cb4-8cce-51a874b8938b','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'54609f6e009702caa68de297e6bb50852d4da92ecd118ed279a3c306d40a2a49','MISSING_AT_VENUE','00000000-0000-7000-8000-0000000036b2','C2','V2','E8','','BASE/QUOTE',NULL,'','CANCELED',NULL,'1',NULL,NULL,'the venue does not list this execution',NULL,NULL,NULL,1767609780000000,'{"account_id":"account","client_order_id":"C2","exec_id":"E8","local_quantity":"1","local_status":"CANCELED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-0000000036b2","reason":"the venue does not list this execution","record_id":"97cde295-a45f-8cb4-8cce-51a874b8938b","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"54609f6e009702caa68de297e6bb50852d4da92ecd118ed279a3c306d40a2a49","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V2"}','22e16a73dc376202474139383546185fa909aeef9cc3725d16e06fd7531dd5a5');
INSERT INTO exchange_reconciliation VALUES('account','22dc968b-c550-8e68-9957-d43d423c2e32','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'0ab5c9173d31b0969b519825ff9857837d8f78cd0a4b6dd6470ce9b08dfef50f','POSITION_DIFFERS',NULL,NULL,NULL,NULL,'','BASE/QUOTE','LONG','p',NULL,NULL,'1.5','0',NULL,NULL,NULL,NULL,NULL,1767609780000000,'{"account_id":"account","exchange_quantity":"0","local_quantity":"1.5","mismatch":"POSITION_DIFFERS","position_id":"p","position_side":"LONG","record_id":"22dc968b-c550-8e68-9957-d43d423c2e32","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"0ab5c9173d31b0969b519825ff9857837d8f78cd0a4b6dd6470ce9b08dfef50f","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE"}','caee3eec4549cda4dbd8eb9ffdaa0a5a68e95031f5d98e4b0721d8421bf4ad98');
INSERT INTO exchange_reconciliation VALUES('account','e6b956b8-61a6-86b9-bf90-35700e4130ac','FINDING','VENUE','','00000000-0000-7000-8000-00000000a7f9',NULL,NULL,'408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340','POSITION_DIFFERS',NULL,NULL,NULL,NULL,'','BASE/QUOTE','NET','',NULL,NULL,'9','0',NULL,NULL,NULL,NULL,NULL,1767609780000000,'{"account_id":"account","exchange_quantity":"0","local_quantity":"9","mismatch":"POSITION_DIFFERS","position_side":"NET","record_id":"e6b956b8-61a6-86b9-bf90-35700e4130ac","run_id":"00000000-0000-7000-8000-00000000a7f9","subject":"408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE"}','181893171e465e41024aa3a67a97e8a193caeb67cc488857d8a5f9d83de46e71');
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
INSERT INTO order_decision_context VALUES('account','00000000-0000-7000-8000-0000000007d1',NULL,'99','{"indicators":"{\"a\":\"1\"}","market_snapshot":"{\"decision_price\":\"99\"}"}','c8b86849cbdf12dc52e19553515c7a9af3f76208856ef3db402d1f1ab2ebf4cb');
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
INSERT INTO order_risk_checks VALUES('account','00000000-0000-7000-8000-0000000007d1',1,'a',1,'fine',NULL,1767607320000000,'{"message":"fine","passed":true,"rule_code":"a"}','5101adadf2caddf43fec84a1b4af1b54aa816ebbe3fb66bf6c53aff8ae85c8e7');
INSERT INTO order_risk_checks VALUES('account','00000000-0000-7000-8000-0000000007d1',2,'b',1,NULL,NULL,1767607320000000,'{"passed":true,"rule_code":"b"}','125a1c853c746c8aae5e0718278d1330518993721ca527f2667b9f62f1963bae');
INSERT INTO order_risk_checks VALUES('account','00000000-0000-7000-8000-0000000007d1',3,'c',1,NULL,NULL,1767607380000000,'{"passed":true,"rule_code":"c"}','f0e3c6b4c46ce6bfe616da09a6706af5aa7dc9962f853ef94e52642d6cf98b7d');
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
INSERT INTO order_request_withdrawals VALUES('account','00000000-0000-7000-8000-0000000088b9','no','me',1767607200000000,1767609360000000,'{"actor":"me","occurred_at":"2026-01-05T10:00:00.000000Z","reason":"no"}','3bf7ff8dfe9f33ed47fc34da03532f7c8f1adf2af17a1c8ee4a4a1c4f5a51296');
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
INSERT INTO orders VALUES('account','00000000-0000-7000-8000-000000000fa1','00000000-0000-7000-8000-0000000007d1','VENUE','','','BASE/QUOTE','BUY','LIMIT','s','PARTIALLY_FILLED',1,0,'12','3','9','294','R1','V1',13,'950db6afeb3850361169c8bfa68e53e9e423a1aae008f08a10894458b46e0f50',11,1767607440000000,1767609120000000,'{"order_quantity":"12","limit_price":"100","client_order_id":"R1","venue_order_id":"V1","submitted":true,"acknowledged":true,"cum_quantity":"3","notional":"294","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","terms_at":"2026-01-05T10:32:00.000000Z","amended":true,"latest_happened_at":"2026-01-05T10:32:00.000000Z"}');
INSERT INTO orders VALUES('account','00000000-0000-7000-8000-0000000036b2','00000000-0000-7000-8000-0000000036b1','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'CANCELED',0,0,'10','1','0','100','C2','V2',6,'9fc242f71254157c93884ae9ef2c6445b49eb63d1f344bf845e81bf9923e2c28',4,1767608040000000,1767609000000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C2","venue_order_id":"V2","submitted":true,"acknowledged":true,"cancelled":true,"cum_quantity":"1","notional":"100"}');
INSERT INTO orders VALUES('account','00000000-0000-7000-8000-000000003e82','00000000-0000-7000-8000-000000003e81','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'PARTIALLY_FILLED',1,0,'10','1.5','8.5','150.5','C3','V9',4,'89d09ffae27c73d027e59aabb460e3decc0b64b91ebfcb74516f6f90c423edaf',3,1767608160000000,1767608520000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C3","venue_order_id":"V9","submitted":true,"acknowledged":true,"cum_quantity":"1.5","notional":"150.5","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","position_side":"LONG","position_id":"p","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO orders VALUES('account','572ed738-2258-814a-a3e3-65f5476ae595',NULL,'VENUE','','','BASE/QUOTE','BUY','MARKET',NULL,'PARTIALLY_FILLED',1,0,NULL,'1',NULL,'99',NULL,'W',2,'3b4d2a83415c520a6cc236ca9888c72eaada43ce646882263c0efecbbbf3e689',1,1767608400000000,1767608400000000,'{"venue_order_id":"W","acknowledged":true,"cum_quantity":"1","notional":"99","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO orders VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',NULL,'VENUE','','','BASE/QUOTE','BUY','MARKET',NULL,'NEW',0,0,NULL,'0','0','0',NULL,'X',3,'1fe60b199f12337e0db31ac560f25b8e7165fdefae286a91bfd4598d6c7a4b48',2,1767608460000000,1767608520000000,'{"venue_order_id":"X","acknowledged":true,"attributed_to":"00000000-0000-7000-8000-000000003e82","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO orders VALUES('account','00000000-0000-7000-8000-000000006592','00000000-0000-7000-8000-000000006591','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C6',NULL,4,'cf25c61ee6775ee1cecf90decc88095164368dd323d239e84ededd1319b77c0b',3,1767608760000000,1767608880000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C6","submitted":true,"failed":true,"began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:28:00.000000Z"}');
INSERT INTO orders VALUES('account','00000000-0000-7000-8000-0000000084d1','00000000-0000-7000-8000-0000000080e9','VENUE','','','BASE/QUOTE','BUY','LIMIT',NULL,'FAILED',0,0,'10','0','0','0','C4',NULL,2,'47e82222e456d0bca76c92b62b44d164af31e3079690307e45849f149578ed56',1,1767609240000000,1767609240000000,'{"order_quantity":"10","limit_price":"100","client_order_id":"C4","failed":true,"began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
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
INSERT INTO order_costs VALUES('account','00000000-0000-7000-8000-000000000fa1','VENUE','BASE/QUOTE',0,'QUOTE','3','294','294','0','0','{}','0','0','99');
INSERT INTO order_costs VALUES('account','00000000-0000-7000-8000-0000000036b2','VENUE','BASE/QUOTE',0,'QUOTE','1','100','100','0','0','{}','0','0',NULL);
INSERT INTO order_costs VALUES('account','00000000-0000-7000-8000-000000003e82','VENUE','BASE/QUOTE',0,'QUOTE','1.5','150.5','150.5','0','0','{}','0','0',NULL);
INSERT INTO order_costs VALUES('account','572ed738-2258-814a-a3e3-65f5476ae595','VENUE','BASE/QUOTE',0,'QUOTE','1','99','99','0','0','{}','0','0',NULL);
INSERT INTO order_costs VALUES('account','a2623649-2f84-8349-823f-6536471c87a4','VENUE','BASE/QUOTE',0,'QUOTE','0','0','0','0','0','{}','0','0',NULL);
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
INSERT INTO order_pnl VALUES('account','00000000-0000-7000-8000-000000000fa1',10,'110','{"TOKEN":"2"}','QUOTE','395','45','0','45','{}','{}',1767607860000000);
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
INSERT INTO order_identifiers VALUES('account','CLIENT','C1','VENUE','','','00000000-0000-7000-8000-000000000fa1');
INSERT INTO order_identifiers VALUES('account','CLIENT','R1','VENUE','','','00000000-0000-7000-8000-000000000fa1');
INSERT INTO order_identifiers VALUES('account','VENUE','V1','VENUE','','','00000000-0000-7000-8000-000000000fa1');
INSERT INTO order_identifiers VALUES('account','CLIENT','C2','VENUE','','','00000000-0000-7000-8000-0000000036b2');
INSERT INTO order_identifiers VALUES('account','CLIENT','X1','VENUE','','','00000000-0000-7000-8000-0000000036b2');
INSERT INTO order_identifiers VALUES('account','VENUE','V2','VENUE','','','00000000-0000-7000-8000-0000000036b2');
INSERT INTO order_identifiers VALUES('account','VENUE','V2b','VENUE','','','00000000-0000-7000-8000-0000000036b2');
INSERT INTO order_identifiers VALUES('account','CLIENT','C3','VENUE','','','00000000-0000-7000-8000-000000003e82');
INSERT INTO order_identifiers VALUES('account','VENUE','V9','VENUE','','','00000000-0000-7000-8000-000000003e82');
INSERT INTO order_identifiers VALUES('account','VENUE','X','VENUE','','','00000000-0000-7000-8000-000000003e82');
INSERT INTO order_identifiers VALUES('account','CLIENT','C6','VENUE','','','00000000-0000-7000-8000-000000006592');
INSERT INTO order_identifiers VALUES('account','CLIENT','C4','VENUE','','','00000000-0000-7000-8000-0000000084d1');
INSERT INTO order_identifiers VALUES('account','VENUE','W','VENUE','','','572ed738-2258-814a-a3e3-65f5476ae595');
INSERT INTO order_identifiers VALUES('account','VENUE','X','VENUE','','','a2623649-2f84-8349-823f-6536471c87a4');
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
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',1,'CREATED','LOCAL','me',NULL,1767607440000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000007d1',NULL,NULL,'ca1ff422b5d338adee2f07c17ed3f6f7ee782f7aa757648b2b2676ac3a03cab8','{"account_id":"account","fact":{"actor":"me","request_id":"00000000-0000-7000-8000-0000000007d1"},"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"LOCAL","prev_hash":"ca1ff422b5d338adee2f07c17ed3f6f7ee782f7aa757648b2b2676ac3a03cab8","recorded_at":"2026-01-05T10:04:00.000000Z","sequence":1,"type":"CREATED"}','abe62c330b00ed82627cc6977e494b20ed2b0e120a59e4122628534161eacb2d',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',2,'SUBMITTED','LOCAL','me',1767607200000000,1767607440000000,NULL,NULL,NULL,'C1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000007d1',NULL,'e5e4fb674c2a2357052c778ad0b28725782ffddba27b8cfbbe58edd64efcbc95','abe62c330b00ed82627cc6977e494b20ed2b0e120a59e4122628534161eacb2d','{"account_id":"account","fact":{"actor":"me","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","request_id":"00000000-0000-7000-8000-0000000007d1"},"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"LOCAL","prev_hash":"abe62c330b00ed82627cc6977e494b20ed2b0e120a59e4122628534161eacb2d","recorded_at":"2026-01-05T10:04:00.000000Z","said":"e5e4fb674c2a2357052c778ad0b28725782ffddba27b8cfbbe58edd64efcbc95","sequence":2,"type":"SUBMITTED"}','78f21764c6b85a4cad8542c78f30d4d53502af89f65787a2053ee8be57a0f003',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',3,'NEW','VENUE',NULL,1767607200000000,1767607500000000,NULL,NULL,NULL,'C1','V1',NULL,NULL,NULL,'',NULL,NULL,'7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645','78f21764c6b85a4cad8542c78f30d4d53502af89f65787a2053ee8be57a0f003','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"78f21764c6b85a4cad8542c78f30d4d53502af89f65787a2053ee8be57a0f003","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","type":"NEW","venue":"VENUE","venue_order_id":"V1"},"said":"7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645","sequence":3,"type":"NEW"}','d52c99c682001ad379ac98b3aba5f4240caa8b7a7a2d103f808be0ad961ecc80',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',4,'TRADE','VENUE',NULL,NULL,1767607560000000,'E1','',NULL,'C1',NULL,'1','100',NULL,'',NULL,NULL,NULL,'d52c99c682001ad379ac98b3aba5f4240caa8b7a7a2d103f808be0ad961ecc80','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"d52c99c682001ad379ac98b3aba5f4240caa8b7a7a2d103f808be0ad961ecc80","recorded_at":"2026-01-05T10:06:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1","fees":[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}],"last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":4,"type":"TRADE"}','8d8ecae952bdada09e5046b6bd2ccf7ded82fbb0db3d472121d5915d76e1f97f',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',5,'TRADE','VENUE',NULL,NULL,1767607620000000,'E2','',NULL,'C1',NULL,'2','100',NULL,'',NULL,NULL,NULL,'8d8ecae952bdada09e5046b6bd2ccf7ded82fbb0db3d472121d5915d76e1f97f','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"8d8ecae952bdada09e5046b6bd2ccf7ded82fbb0db3d472121d5915d76e1f97f","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2","last_price":"100","last_quantity":"2","type":"TRADE","venue":"VENUE"},"sequence":5,"type":"TRADE"}','20aef609e3efbe7bb9fa5cf2bece0db151c67dd30f08dc9ef47f6873470e2ba2',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',6,'TRADE','VENUE',NULL,NULL,1767607620000000,'E3','',NULL,'C1',NULL,'1','101',NULL,'',NULL,NULL,NULL,'20aef609e3efbe7bb9fa5cf2bece0db151c67dd30f08dc9ef47f6873470e2ba2','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"20aef609e3efbe7bb9fa5cf2bece0db151c67dd30f08dc9ef47f6873470e2ba2","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E3","last_price":"101","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":6,"type":"TRADE"}','562e1d551cb576aabcd7f0c638f6cfc70c9f6b6a0737c07a1c6c63b47ea80362',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',7,'TRADE_CORRECT','VENUE',NULL,NULL,1767607680000000,'E2c','','E2','C1',NULL,'2','102',NULL,'',NULL,NULL,NULL,'562e1d551cb576aabcd7f0c638f6cfc70c9f6b6a0737c07a1c6c63b47ea80362','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"562e1d551cb576aabcd7f0c638f6cfc70c9f6b6a0737c07a1c6c63b47ea80362","recorded_at":"2026-01-05T10:08:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2c","exec_ref_id":"E2","last_price":"102","last_quantity":"2","type":"TRADE_CORRECT","venue":"VENUE"},"sequence":7,"type":"TRADE_CORRECT"}','0ba02075b2730770870a98d078424d48927a1470d1cdbc515a6d54a6710a2856',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',8,'TRADE_CANCEL','VENUE',NULL,NULL,1767607740000000,'E1b','','E1','C1',NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,'0ba02075b2730770870a98d078424d48927a1470d1cdbc515a6d54a6710a2856','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"0ba02075b2730770870a98d078424d48927a1470d1cdbc515a6d54a6710a2856","recorded_at":"2026-01-05T10:09:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1b","exec_ref_id":"E1","type":"TRADE_CANCEL","venue":"VENUE"},"sequence":8,"type":"TRADE_CANCEL"}','f9b26e6bce8aa574c95d4ef34e67c164f6bf026cbff5a67ff68915858af46b08',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',9,'TRADE','VENUE',NULL,1767607140000000,1767607800000000,'E0','',NULL,'C1',NULL,'1','90',NULL,'OUT_OF_ORDER',NULL,NULL,NULL,'f9b26e6bce8aa574c95d4ef34e67c164f6bf026cbff5a67ff68915858af46b08','{"account_id":"account","anomalies":["OUT_OF_ORDER"],"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"f9b26e6bce8aa574c95d4ef34e67c164f6bf026cbff5a67ff68915858af46b08","recorded_at":"2026-01-05T10:10:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E0","last_price":"90","last_quantity":"1","occurred_at":"2026-01-05T09:59:00.000000Z","type":"TRADE","venue":"VENUE"},"sequence":9,"type":"TRADE"}','c3b138b2704c5af5b8fdf8a3bb58a404f8f2587265fbc0c68fb57f1dfd44d259',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',10,'MARKED','LOCAL',NULL,NULL,1767607860000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37','c3b138b2704c5af5b8fdf8a3bb58a404f8f2587265fbc0c68fb57f1dfd44d259','{"account_id":"account","fact":{"mark":"110","rates":{"TOKEN":"2"}},"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"LOCAL","prev_hash":"c3b138b2704c5af5b8fdf8a3bb58a404f8f2587265fbc0c68fb57f1dfd44d259","recorded_at":"2026-01-05T10:11:00.000000Z","said":"b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37","sequence":10,"type":"MARKED"}','31aa1e563c62fdabd38f951f251759d3e2285746bd13996a2b24cd76cea3d507',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',11,'VOIDED','LOCAL',NULL,NULL,1767607920000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24','31aa1e563c62fdabd38f951f251759d3e2285746bd13996a2b24cd76cea3d507','{"account_id":"account","fact":{"reason":"not ours","target_sequence":6},"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"LOCAL","prev_hash":"31aa1e563c62fdabd38f951f251759d3e2285746bd13996a2b24cd76cea3d507","recorded_at":"2026-01-05T10:12:00.000000Z","said":"ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24","sequence":11,"type":"VOIDED"}','cc0a79bee5c9f6c88a31bd641f3da7470c8238ee913f47d0212114f13b77e583',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',1,'CREATED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000036b1',NULL,NULL,'e2c7e6d18db3c6a5fd95b5ba9f37eb885874d7ffaa8b2c7e9da4f602f19d5ddb','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-0000000036b1"},"order_id":"00000000-0000-7000-8000-0000000036b2","origin":"LOCAL","prev_hash":"e2c7e6d18db3c6a5fd95b5ba9f37eb885874d7ffaa8b2c7e9da4f602f19d5ddb","recorded_at":"2026-01-05T10:14:00.000000Z","sequence":1,"type":"CREATED"}','80d0904b79906dfeb6137f94c250322b618a6f1c1fb3a599c09567a3575c1fe6',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',2,'SUBMITTED','LOCAL',NULL,NULL,1767608040000000,NULL,NULL,NULL,'C2',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000036b1',NULL,'71fc974b9100b7f710486d61a183c1de77701270837ccfdcf8d8dda958ac9672','80d0904b79906dfeb6137f94c250322b618a6f1c1fb3a599c09567a3575c1fe6','{"account_id":"account","fact":{"client_order_id":"C2","request_id":"00000000-0000-7000-8000-0000000036b1"},"order_id":"00000000-0000-7000-8000-0000000036b2","origin":"LOCAL","prev_hash":"80d0904b79906dfeb6137f94c250322b618a6f1c1fb3a599c09567a3575c1fe6","recorded_at":"2026-01-05T10:14:00.000000Z","said":"71fc974b9100b7f710486d61a183c1de77701270837ccfdcf8d8dda958ac9672","sequence":2,"type":"SUBMITTED"}','451b4c6e7e92444fd2569ec5024e417e068d793c1d979eb917d1fc8c29f884cc',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',3,'TRADE','VENUE',NULL,NULL,1767608040000000,'E8','',NULL,'C2','V2','1','100',NULL,'',NULL,'00000000-0000-7000-8000-0000000032c9',NULL,'451b4c6e7e92444fd2569ec5024e417e068d793c1d979eb917d1fc8c29f884cc','{"account_id":"account","order_id":"00000000-0000-7000-8000-0000000036b2","origin":"VENUE","prev_hash":"451b4c6e7e92444fd2569ec5024e417e068d793c1d979eb917d1fc8c29f884cc","recorded_at":"2026-01-05T10:14:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"report_id":"00000000-0000-7000-8000-0000000032c9","sequence":3,"type":"TRADE"}','14fa6d638328e5424aface6064218ade565c218ff010016b622b1617c49eadcd',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',4,'SUPPLEMENTED','VENUE',NULL,NULL,1767608100000000,'E8','',NULL,'C2','V2b','1','100',NULL,'',NULL,NULL,NULL,'14fa6d638328e5424aface6064218ade565c218ff010016b622b1617c49eadcd','{"account_id":"account","order_id":"00000000-0000-7000-8000-0000000036b2","origin":"VENUE","prev_hash":"14fa6d638328e5424aface6064218ade565c218ff010016b622b1617c49eadcd","recorded_at":"2026-01-05T10:15:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2b"},"sequence":4,"type":"SUPPLEMENTED"}','ae117791e031412ff77a10f1bc513f5dd74b1d9eb0622d3e07c06644abc41141',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000003e82',1,'CREATED','LOCAL',NULL,NULL,1767608160000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000003e81',NULL,NULL,'9d7d7c2242dd86da004bfa167231c458a6201deaee3d8fc062d8fad3f388b1d6','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000003e81"},"order_id":"00000000-0000-7000-8000-000000003e82","origin":"LOCAL","prev_hash":"9d7d7c2242dd86da004bfa167231c458a6201deaee3d8fc062d8fad3f388b1d6","recorded_at":"2026-01-05T10:16:00.000000Z","sequence":1,"type":"CREATED"}','aface46a3bce5ed6ef9c88de50ace4abc63f1edd6d62d632d33f3710e7d5ef6d',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000003e82',2,'SUBMITTED','LOCAL',NULL,NULL,1767608160000000,NULL,NULL,NULL,'C3',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000003e81',NULL,'76cd5d40d6047ec09d82364258c2946df47bd568831af104701e849ae4ddf89e','aface46a3bce5ed6ef9c88de50ace4abc63f1edd6d62d632d33f3710e7d5ef6d','{"account_id":"account","fact":{"client_order_id":"C3","request_id":"00000000-0000-7000-8000-000000003e81"},"order_id":"00000000-0000-7000-8000-000000003e82","origin":"LOCAL","prev_hash":"aface46a3bce5ed6ef9c88de50ace4abc63f1edd6d62d632d33f3710e7d5ef6d","recorded_at":"2026-01-05T10:16:00.000000Z","said":"76cd5d40d6047ec09d82364258c2946df47bd568831af104701e849ae4ddf89e","sequence":2,"type":"SUBMITTED"}','23c6f01ea2f2874c41dbed243f6611609232b47397d76027b17e9d292b5acb2f',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000003e82',3,'TRADE','RECONCILIATION',NULL,NULL,1767608280000000,'E9','',NULL,NULL,'V9','1','98',NULL,'',NULL,'00000000-0000-7000-8000-000000004269',NULL,'23c6f01ea2f2874c41dbed243f6611609232b47397d76027b17e9d292b5acb2f','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000003e82","origin":"RECONCILIATION","prev_hash":"23c6f01ea2f2874c41dbed243f6611609232b47397d76027b17e9d292b5acb2f","recorded_at":"2026-01-05T10:18:00.000000Z","report":{"account_id":"account","exec_id":"E9","last_price":"98","last_quantity":"1","order_id":"00000000-0000-7000-8000-000000003e82","type":"TRADE","venue":"VENUE","venue_order_id":"V9"},"report_id":"00000000-0000-7000-8000-000000004269","sequence":3,"type":"TRADE"}','5ae1c2ad0c0f70c8bb53e6886beaa2ce47c3803d848c77782957a8c341fe92b4',NULL);
INSERT INTO order_events VALUES('account','572ed738-2258-814a-a3e3-65f5476ae595',1,'CREATED','RECONCILIATION','me',NULL,1767608400000000,NULL,NULL,NULL,NULL,'W',NULL,NULL,NULL,'',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','{"account_id":"account","fact":{"actor":"me"},"order_id":"572ed738-2258-814a-a3e3-65f5476ae595","origin":"RECONCILIATION","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:20:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"W"},"sequence":1,"type":"CREATED"}','62c7aa5238c5637a4b54c9099af156bf42dacd338e58992f18930476e7ff0a24',NULL);
INSERT INTO order_events VALUES('account','572ed738-2258-814a-a3e3-65f5476ae595',2,'TRADE','VENUE',NULL,1767607200000000,1767608400000000,'W1','',NULL,NULL,'W','1','99',NULL,'',NULL,'00000000-0000-7000-8000-000000004a39',NULL,'62c7aa5238c5637a4b54c9099af156bf42dacd338e58992f18930476e7ff0a24','{"account_id":"account","order_id":"572ed738-2258-814a-a3e3-65f5476ae595","origin":"VENUE","prev_hash":"62c7aa5238c5637a4b54c9099af156bf42dacd338e58992f18930476e7ff0a24","recorded_at":"2026-01-05T10:20:00.000000Z","report":{"account_id":"account","exec_id":"W1","last_price":"99","last_quantity":"1","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"W"},"report_id":"00000000-0000-7000-8000-000000004a39","sequence":2,"type":"TRADE"}','3b4d2a83415c520a6cc236ca9888c72eaada43ce646882263c0efecbbbf3e689',NULL);
INSERT INTO order_events VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',1,'CREATED','IMPORT',NULL,NULL,1767608460000000,NULL,NULL,NULL,NULL,'X',NULL,NULL,NULL,'',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','{"account_id":"account","fact":{},"order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:21:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"X"},"sequence":1,"type":"CREATED"}','a986b7d3b22ef391da50a3bb9d5dbb1e4ddb488f01665e1d3251e630112fbf41',NULL);
INSERT INTO order_events VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',2,'TRADE','IMPORT',NULL,1767607200000000,1767608460000000,'X1','',NULL,NULL,'X','0.5','105',NULL,'',NULL,NULL,NULL,'a986b7d3b22ef391da50a3bb9d5dbb1e4ddb488f01665e1d3251e630112fbf41','{"account_id":"account","order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"a986b7d3b22ef391da50a3bb9d5dbb1e4ddb488f01665e1d3251e630112fbf41","recorded_at":"2026-01-05T10:21:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":2,"type":"TRADE"}','8656a56f564cb33c511368cccba04cdfa54df13230fc0cf78c09a9495895ef0c',NULL);
INSERT INTO order_events VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',3,'ATTRIBUTED','LOCAL',NULL,1767607200000000,1767608520000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'7830d29d46096027910345b9a3c511a89034522c91ec1e1ec1c3e45a7626fe18','8656a56f564cb33c511368cccba04cdfa54df13230fc0cf78c09a9495895ef0c','{"account_id":"account","fact":{"attributed_order_id":"00000000-0000-7000-8000-000000003e82","occurred_at":"2026-01-05T10:00:00.000000Z","reason":"it is ours"},"order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"LOCAL","prev_hash":"8656a56f564cb33c511368cccba04cdfa54df13230fc0cf78c09a9495895ef0c","recorded_at":"2026-01-05T10:22:00.000000Z","said":"7830d29d46096027910345b9a3c511a89034522c91ec1e1ec1c3e45a7626fe18","sequence":3,"type":"ATTRIBUTED"}','1fe60b199f12337e0db31ac560f25b8e7165fdefae286a91bfd4598d6c7a4b48',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000003e82',4,'TRADE','RECONCILIATION',NULL,1767607200000000,1767608520000000,'X1','',NULL,NULL,'X','0.5','105',NULL,'',NULL,NULL,NULL,'5ae1c2ad0c0f70c8bb53e6886beaa2ce47c3803d848c77782957a8c341fe92b4','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000003e82","origin":"RECONCILIATION","prev_hash":"5ae1c2ad0c0f70c8bb53e6886beaa2ce47c3803d848c77782957a8c341fe92b4","recorded_at":"2026-01-05T10:22:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_id":"00000000-0000-7000-8000-000000003e82","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":4,"type":"TRADE"}','89d09ffae27c73d027e59aabb460e3decc0b64b91ebfcb74516f6f90c423edaf',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000006592',1,'CREATED','LOCAL',NULL,NULL,1767608760000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000006591',NULL,NULL,'b673358f432ff1e457fc512a9d1bb66b3000ba4e14c3e03549ce1e1992561180','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000006591"},"order_id":"00000000-0000-7000-8000-000000006592","origin":"LOCAL","prev_hash":"b673358f432ff1e457fc512a9d1bb66b3000ba4e14c3e03549ce1e1992561180","recorded_at":"2026-01-05T10:26:00.000000Z","sequence":1,"type":"CREATED"}','afbc4a443009ae68f14eb32215d5449b291b7b37f8e4f9caf4eddb469ab3065c',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000006592',2,'SUBMITTED','LOCAL',NULL,NULL,1767608760000000,NULL,NULL,NULL,'C6',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000006591',NULL,'ac179d419d1f648cf6179972463cbd8c3014d1add5256521825faa59a170943f','afbc4a443009ae68f14eb32215d5449b291b7b37f8e4f9caf4eddb469ab3065c','{"account_id":"account","fact":{"client_order_id":"C6","request_id":"00000000-0000-7000-8000-000000006591"},"order_id":"00000000-0000-7000-8000-000000006592","origin":"LOCAL","prev_hash":"afbc4a443009ae68f14eb32215d5449b291b7b37f8e4f9caf4eddb469ab3065c","recorded_at":"2026-01-05T10:26:00.000000Z","said":"ac179d419d1f648cf6179972463cbd8c3014d1add5256521825faa59a170943f","sequence":2,"type":"SUBMITTED"}','3cc85ea09bf9e17dacba2db6a236d74949ce551fdde9fb5f8b5fc6429b0aeeb4',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000006592',3,'SUBMISSION_UNKNOWN','LOCAL',NULL,1767607200000000,1767608820000000,NULL,NULL,NULL,'C6',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000006591',NULL,'3f01bdecf01328ce02208639603ed52c02b5f4104aa0beff28c7697e6cd99545','3cc85ea09bf9e17dacba2db6a236d74949ce551fdde9fb5f8b5fc6429b0aeeb4','{"account_id":"account","fact":{"client_order_id":"C6","occurred_at":"2026-01-05T10:00:00.000000Z","reason":"timeout","request_id":"00000000-0000-7000-8000-000000006591"},"order_id":"00000000-0000-7000-8000-000000006592","origin":"LOCAL","prev_hash":"3cc85ea09bf9e17dacba2db6a236d74949ce551fdde9fb5f8b5fc6429b0aeeb4","recorded_at":"2026-01-05T10:27:00.000000Z","said":"3f01bdecf01328ce02208639603ed52c02b5f4104aa0beff28c7697e6cd99545","sequence":3,"type":"SUBMISSION_UNKNOWN"}','1a7c634e2233b6ea1e2b2116346a6b2680e3cb642693c07b4d06d49dd9047ef0',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000006592',4,'RESOLVED','LOCAL',NULL,NULL,1767608880000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8','1a7c634e2233b6ea1e2b2116346a6b2680e3cb642693c07b4d06d49dd9047ef0','{"account_id":"account","fact":{"reason":"asked","resolved_status":"FAILED"},"order_id":"00000000-0000-7000-8000-000000006592","origin":"LOCAL","prev_hash":"1a7c634e2233b6ea1e2b2116346a6b2680e3cb642693c07b4d06d49dd9047ef0","recorded_at":"2026-01-05T10:28:00.000000Z","said":"c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8","sequence":4,"type":"RESOLVED"}','cf25c61ee6775ee1cecf90decc88095164368dd323d239e84ededd1319b77c0b',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',5,'CANCEL_REQUESTED','LOCAL',NULL,NULL,1767608940000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000007149',NULL,'a37cc941a5e43505f95dc17da2d9bb5baece94331aff55c0527c0009305de3df','ae117791e031412ff77a10f1bc513f5dd74b1d9eb0622d3e07c06644abc41141','{"account_id":"account","fact":{"client_order_id":"X1","request_id":"00000000-0000-7000-8000-000000007149"},"order_id":"00000000-0000-7000-8000-0000000036b2","origin":"LOCAL","prev_hash":"ae117791e031412ff77a10f1bc513f5dd74b1d9eb0622d3e07c06644abc41141","recorded_at":"2026-01-05T10:29:00.000000Z","said":"a37cc941a5e43505f95dc17da2d9bb5baece94331aff55c0527c0009305de3df","sequence":5,"type":"CANCEL_REQUESTED"}','2903cd2a69c42c136e4f1e042cc4e33027df62c9c47ec8fd451b17f261beffd6',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000036b2',6,'CANCELED','VENUE',NULL,NULL,1767609000000000,NULL,NULL,NULL,'X1',NULL,NULL,NULL,NULL,'',NULL,NULL,'98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a','2903cd2a69c42c136e4f1e042cc4e33027df62c9c47ec8fd451b17f261beffd6','{"account_id":"account","order_id":"00000000-0000-7000-8000-0000000036b2","origin":"VENUE","prev_hash":"2903cd2a69c42c136e4f1e042cc4e33027df62c9c47ec8fd451b17f261beffd6","recorded_at":"2026-01-05T10:30:00.000000Z","report":{"account_id":"account","client_order_id":"X1","orig_client_order_id":"C2","type":"CANCELED","venue":"VENUE"},"said":"98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a","sequence":6,"type":"CANCELED"}','9fc242f71254157c93884ae9ef2c6445b49eb63d1f344bf845e81bf9923e2c28',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',12,'REPLACE_REQUESTED','LOCAL',NULL,NULL,1767609060000000,NULL,NULL,NULL,'R1',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-000000007919',NULL,'0f89ab00e49d4c913071444492964eb7f6d2154d5c79f80379114ef004e59c26','cc0a79bee5c9f6c88a31bd641f3da7470c8238ee913f47d0212114f13b77e583','{"account_id":"account","fact":{"client_order_id":"R1","request_id":"00000000-0000-7000-8000-000000007919"},"order_id":"00000000-0000-7000-8000-000000000fa1","origin":"LOCAL","prev_hash":"cc0a79bee5c9f6c88a31bd641f3da7470c8238ee913f47d0212114f13b77e583","recorded_at":"2026-01-05T10:31:00.000000Z","said":"0f89ab00e49d4c913071444492964eb7f6d2154d5c79f80379114ef004e59c26","sequence":12,"type":"REPLACE_REQUESTED"}','d37bfedcc635d85bb7e2e0bb34d6b83b45af19a0e6fa78be4542e031b370eef3',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-000000000fa1',13,'REPLACED','VENUE',NULL,NULL,1767609120000000,NULL,NULL,NULL,'R1',NULL,NULL,NULL,NULL,'',NULL,NULL,'0be52e20dc763f195ffda529d421a456e3fc1280e02abc280ffb69ac673ae1e0','d37bfedcc635d85bb7e2e0bb34d6b83b45af19a0e6fa78be4542e031b370eef3','{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000fa1","origin":"VENUE","prev_hash":"d37bfedcc635d85bb7e2e0bb34d6b83b45af19a0e6fa78be4542e031b370eef3","recorded_at":"2026-01-05T10:32:00.000000Z","report":{"account_id":"account","client_order_id":"R1","order_quantity":"12","orig_client_order_id":"C1","type":"REPLACED","venue":"VENUE"},"said":"0be52e20dc763f195ffda529d421a456e3fc1280e02abc280ffb69ac673ae1e0","sequence":13,"type":"REPLACED"}','950db6afeb3850361169c8bfa68e53e9e423a1aae008f08a10894458b46e0f50',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000084d1',1,'CREATED','LOCAL',NULL,NULL,1767609240000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000080e9',NULL,NULL,'e33e048a34bf481d9987438262f501789ced976624faee9daff44910fda22113','{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-0000000080e9"},"order_id":"00000000-0000-7000-8000-0000000084d1","origin":"LOCAL","prev_hash":"e33e048a34bf481d9987438262f501789ced976624faee9daff44910fda22113","recorded_at":"2026-01-05T10:34:00.000000Z","sequence":1,"type":"CREATED"}','f59794e36726ad0afb14f2e0a69685c65952bcd47b0e2dbba1db827b90331691',NULL);
INSERT INTO order_events VALUES('account','00000000-0000-7000-8000-0000000084d1',2,'FAILED','LOCAL',NULL,1767607200000000,1767609240000000,NULL,NULL,NULL,'C4',NULL,NULL,NULL,NULL,'','00000000-0000-7000-8000-0000000080e9',NULL,'0042eac6c17a370289c59246d50395b75d7ee66d73f198560abb458882b50719','f59794e36726ad0afb14f2e0a69685c65952bcd47b0e2dbba1db827b90331691','{"account_id":"account","fact":{"client_order_id":"C4","occurred_at":"2026-01-05T10:00:00.000000Z","reason":"no route","request_id":"00000000-0000-7000-8000-0000000080e9"},"order_id":"00000000-0000-7000-8000-0000000084d1","origin":"LOCAL","prev_hash":"f59794e36726ad0afb14f2e0a69685c65952bcd47b0e2dbba1db827b90331691","recorded_at":"2026-01-05T10:34:00.000000Z","said":"0042eac6c17a370289c59246d50395b75d7ee66d73f198560abb458882b50719","sequence":2,"type":"FAILED"}','47e82222e456d0bca76c92b62b44d164af31e3079690307e45849f149578ed56',NULL);
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
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',4,0,4,'VENUE','BASE/QUOTE','BUY','1','100',1767607560000000,0,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607560000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',5,0,5,'VENUE','BASE/QUOTE','BUY','2','100',1767607620000000,0,'E2','E2','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607620000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',6,0,6,'VENUE','BASE/QUOTE','BUY','1','101',1767607620000000,0,'E3','E3','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607620000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',5,1,7,'VENUE','BASE/QUOTE','BUY','2','102',1767607620000000,0,'E2c','E2','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607620000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',4,1,8,'VENUE','BASE/QUOTE','BUY','1','100',1767607560000000,1,'E1','E1','','[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607560000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',9,0,9,'VENUE','BASE/QUOTE','BUY','1','90',1767607800000000,0,'E0','E0','','[]',NULL,NULL,0,'1',NULL,1767607140000000,NULL,NULL,NULL,NULL,'','NET','',1767607140000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000000fa1',6,1,11,'VENUE','BASE/QUOTE','BUY','1','101',1767607620000000,1,'E3','E3','','[]',NULL,NULL,0,'1',NULL,NULL,NULL,NULL,NULL,NULL,'','NET','',1767607620000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-0000000036b2',3,0,3,'VENUE','BASE/QUOTE','BUY','1','100',1767608040000000,0,'E8','E8','','[]',NULL,NULL,0,'1','V2',NULL,NULL,NULL,NULL,NULL,'','NET','',1767608040000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000003e82',3,0,3,'VENUE','BASE/QUOTE','BUY','1','98',1767608280000000,0,'E9','E9','','[]',NULL,NULL,0,'1','V9',NULL,NULL,NULL,NULL,NULL,'','LONG','p',1767608280000000);
INSERT INTO order_fills VALUES('account','572ed738-2258-814a-a3e3-65f5476ae595',2,0,2,'VENUE','BASE/QUOTE','BUY','1','99',1767608400000000,0,'W1','W1','','[]',NULL,NULL,0,'1','W',1767607200000000,NULL,NULL,NULL,NULL,'','NET','',1767607200000000);
INSERT INTO order_fills VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',2,0,2,'VENUE','BASE/QUOTE','BUY','0.5','105',1767608460000000,0,'X1','X1','','[]',NULL,NULL,0,'1','X',1767607200000000,NULL,NULL,NULL,NULL,'','NET','',1767607200000000);
INSERT INTO order_fills VALUES('account','a2623649-2f84-8349-823f-6536471c87a4',2,1,3,'VENUE','BASE/QUOTE','BUY','0.5','105',1767608460000000,1,'X1','X1','','[]',NULL,NULL,0,'1','X',1767607200000000,NULL,NULL,NULL,NULL,'','NET','',1767607200000000);
INSERT INTO order_fills VALUES('account','00000000-0000-7000-8000-000000003e82',4,0,4,'VENUE','BASE/QUOTE','BUY','0.5','105',1767608520000000,0,'X1','X1','','[]',NULL,NULL,0,'1','X',1767607200000000,NULL,NULL,NULL,NULL,'','LONG','p',1767607200000000);
CREATE TRIGGER api_keys_no_update BEFORE UPDATE ON api_keys WHEN OLD.revoked_at IS NOT NULL OR NEW.key_id IS NOT OLD.key_id OR NEW.secret_hash IS NOT OLD.secret_hash OR NEW.scopes IS NOT OLD.scopes OR NEW.created_at IS NOT OLD.created_at OR NEW.name IS NOT OLD.name OR NEW.accounts IS NOT OLD.accounts OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END;
CREATE TRIGGER api_keys_no_delete BEFORE DELETE ON api_keys BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END;
CREATE TRIGGER api_keys_no_replace BEFORE INSERT ON api_keys WHEN EXISTS (SELECT 1 FROM api_keys WHERE key_id = NEW.key_id) OR EXISTS (SELECT 1 FROM api_keys WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: api_keys'); END;
CREATE TRIGGER idempotency_records_no_update BEFORE UPDATE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END;
CREATE TRIGGER idempotency_records_no_delete BEFORE DELETE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END;
CREATE TRIGGER idempotency_records_no_replace BEFORE INSERT ON idempotency_records WHEN EXISTS (SELECT 1 FROM idempotency_records WHERE owner = NEW.owner AND key = NEW.key) OR EXISTS (SELECT 1 FROM idempotency_records WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: idempotency_records'); END;
CREATE INDEX ix_account_events_to_symbol ON account_events (account_id, venue, to_symbol, occurred_at) WHERE to_symbol IS NOT NULL;
CREATE INDEX ix_account_events_account_id_recorded_at_event_id ON account_events (account_id, recorded_at, event_id);
CREATE INDEX ix_account_events_all ON account_events (recorded_at, event_id);
CREATE INDEX ix_account_events_account_id_venue_symbol_occurred_at ON account_events (account_id, venue, symbol, occurred_at);
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
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON order_requests (account_id, recorded_at, request_id);
CREATE INDEX ix_order_requests_all ON order_requests (recorded_at, request_id);
CREATE INDEX ix_order_requests_symbol ON order_requests (account_id, symbol, recorded_at, request_id);
CREATE INDEX ix_order_requests_strategy_code ON order_requests (account_id, strategy_code, recorded_at, request_id);
CREATE INDEX ix_order_requests_account_id_client_order_id ON order_requests (account_id, client_order_id);
CREATE INDEX ix_order_requests_request_id ON order_requests (request_id);
CREATE TRIGGER order_requests_no_update BEFORE UPDATE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_delete BEFORE DELETE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END;
CREATE TRIGGER order_requests_no_replace BEFORE INSERT ON order_requests WHEN EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND idempotency_key = NEW.idempotency_key) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND venue = NEW.venue AND venue_account = NEW.venue_account AND id_scope = NEW.id_scope AND client_order_id = NEW.client_order_id) OR EXISTS (SELECT 1 FROM order_requests WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_requests'); END;
CREATE INDEX ix_unattributed_reports_report_id ON unattributed_reports (report_id);
CREATE TRIGGER unattributed_reports_no_update BEFORE UPDATE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_delete BEFORE DELETE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END;
CREATE TRIGGER unattributed_reports_no_replace BEFORE INSERT ON unattributed_reports WHEN EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND report_id = NEW.report_id) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: unattributed_reports'); END;
CREATE INDEX ix_exchange_reconciliation_type ON exchange_reconciliation (account_id, type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_recorded ON exchange_reconciliation (account_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_place ON exchange_reconciliation (account_id, venue, venue_account, type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_subject ON exchange_reconciliation (account_id, subject, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_record_id ON exchange_reconciliation (record_id);
CREATE INDEX ix_exchange_reconciliation_run ON exchange_reconciliation (account_id, run_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_all ON exchange_reconciliation (type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id);
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
CREATE INDEX ix_waiting_reports_account_id_report_id ON waiting_reports (account_id, report_id);
CREATE INDEX ix_waiting_reports_report_id ON waiting_reports (report_id);
CREATE INDEX ix_orders_in_doubt ON orders (account_id, in_doubt, created_at, order_id) WHERE in_doubt;
CREATE INDEX ix_orders_order_id ON orders (order_id);
CREATE INDEX ix_orders_venue ON orders (account_id, venue, created_at, order_id);
CREATE INDEX ix_orders_status ON orders (account_id, status, created_at, order_id);
CREATE INDEX ix_orders_account_id_created_at_order_id ON orders (account_id, created_at, order_id);
CREATE INDEX ix_orders_strategy_code ON orders (account_id, strategy_code, created_at, order_id);
CREATE INDEX ix_orders_symbol ON orders (account_id, symbol, created_at, order_id);
CREATE INDEX ix_orders_open ON orders (account_id, is_open, created_at, order_id) WHERE is_open;
CREATE INDEX ix_orders_all ON orders (created_at, order_id);
CREATE INDEX ix_order_costs_order_id ON order_costs (order_id);
CREATE INDEX ix_order_pnl_order_id ON order_pnl (order_id);
CREATE INDEX ix_order_identifiers_order_id ON order_identifiers (order_id);
CREATE INDEX ix_order_identifiers_account_id_order_id ON order_identifiers (account_id, order_id);
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ix_order_events_account_id_request_id ON order_events (account_id, request_id);
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON order_events (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_events_order_id ON order_events (order_id);
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END;
CREATE TRIGGER order_events_no_replace BEFORE INSERT ON order_events WHEN EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND sequence = NEW.sequence) OR EXISTS (SELECT 1 FROM order_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_events'); END;
CREATE INDEX ix_order_fills_changed ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account) WHERE version > 0;
CREATE INDEX ix_order_fills_recorded ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, recorded_at, happened_at);
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id);
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_fills_position ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, happened_at);
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END;
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END;
CREATE VIEW current_fills AS SELECT f.account_id AS account_id, f.order_id AS order_id, f.execution AS execution, f.version AS version, f.sequence AS sequence, f.exec_id AS exec_id, f.leg AS leg, f.venue AS venue, f.venue_account AS venue_account, f.symbol AS symbol, f.position_side AS position_side, f.position_id AS position_id, f.side AS side, f.quantity AS quantity, CAST(f.quantity AS REAL) AS quantity_number, f.price AS price, CAST(f.price AS REAL) AS price_number, f.amount AS amount, CAST(f.amount AS REAL) AS amount_number, f.fees AS fees, f.liquidity AS liquidity, f.reporting_type AS reporting_type, f.in_legs AS in_legs, f.venue_order_id AS venue_order_id, o.client_order_id AS client_order_id, o.strategy_code AS strategy_code, strftime('%Y-%m-%dT%H:%M:%S', (f.happened_at - ((f.happened_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((f.happened_at % 1000000) + 1000000) % 1000000) AS happened_at, strftime('%Y-%m-%dT%H:%M:%S', (f.occurred_at - ((f.occurred_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((f.occurred_at % 1000000) + 1000000) % 1000000) AS occurred_at, strftime('%Y-%m-%dT%H:%M:%S', (f.received_at - ((f.received_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((f.received_at % 1000000) + 1000000) % 1000000) AS received_at, strftime('%Y-%m-%dT%H:%M:%S', (f.recorded_at - ((f.recorded_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((f.recorded_at % 1000000) + 1000000) % 1000000) AS recorded_at, f.venue_time_ns AS venue_time_ns, f.venue_sequence AS venue_sequence FROM order_fills f JOIN orders o ON o.account_id = f.account_id AND o.order_id = f.order_id WHERE f.busted = 0 AND NOT EXISTS (SELECT 1 FROM order_fills later WHERE later.account_id = f.account_id AND later.order_id = f.order_id AND later.execution = f.execution AND later.version > f.version);
CREATE VIEW order_summary AS SELECT o.account_id AS account_id, o.order_id AS order_id, o.request_id AS request_id, o.client_order_id AS client_order_id, o.venue_order_id AS venue_order_id, o.venue AS venue, o.venue_account AS venue_account, o.symbol AS symbol, o.side AS side, o.order_type AS order_type, r.time_in_force AS time_in_force, o.strategy_code AS strategy_code, o.status AS status, o.is_open AS is_open, o.in_doubt AS in_doubt, (SELECT value FROM json_each(o.state) WHERE key = 'limit_price') AS limit_price, CAST((SELECT value FROM json_each(o.state) WHERE key = 'limit_price') AS REAL) AS limit_price_number, o.order_quantity AS order_quantity, CAST(o.order_quantity AS REAL) AS order_quantity_number, o.cum_quantity AS cum_quantity, CAST(o.cum_quantity AS REAL) AS cum_quantity_number, o.leaves_quantity AS leaves_quantity, CAST(o.leaves_quantity AS REAL) AS leaves_quantity_number, o.notional AS notional, CAST(o.notional AS REAL) AS notional_number, (CAST(o.notional AS REAL)) / nullif(CAST(o.cum_quantity AS REAL), 0) AS avg_price_number, c.currency AS currency, c.fees AS fees, (SELECT count(*) FROM current_fills f WHERE f.account_id = o.account_id AND f.order_id = o.order_id AND coalesce(f.reporting_type, '') <> 'LEG') AS executions, (SELECT min(f.happened_at) FROM current_fills f WHERE f.account_id = o.account_id AND f.order_id = o.order_id AND coalesce(f.reporting_type, '') <> 'LEG') AS first_executed_at, (SELECT max(f.happened_at) FROM current_fills f WHERE f.account_id = o.account_id AND f.order_id = o.order_id AND coalesce(f.reporting_type, '') <> 'LEG') AS last_executed_at, strftime('%Y-%m-%dT%H:%M:%S', (o.created_at - ((o.created_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((o.created_at % 1000000) + 1000000) % 1000000) AS created_at, strftime('%Y-%m-%dT%H:%M:%S', (o.updated_at - ((o.updated_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((o.updated_at % 1000000) + 1000000) % 1000000) AS updated_at FROM orders o LEFT JOIN order_requests r ON r.account_id = o.account_id AND r.request_id = o.request_id LEFT JOIN order_costs c ON c.account_id = o.account_id AND c.order_id = o.order_id;
CREATE VIEW position_summary AS SELECT p.account_id AS account_id, p.venue AS venue, p.venue_account AS venue_account, p.symbol AS symbol, p.position_side AS position_side, p.position_id AS position_id, p.currency AS currency, p.quantity AS quantity, CAST(p.quantity AS REAL) AS quantity_number, p.entry_value AS entry_value, CAST(p.entry_value AS REAL) AS entry_value_number, (CAST(p.entry_value AS REAL)) / nullif(abs(CAST(p.quantity AS REAL)), 0) AS entry_value_per_unit_number, p.open_fees AS open_fees, CAST(p.open_fees AS REAL) AS open_fees_number, p.realized_gross AS realized_gross, CAST(p.realized_gross AS REAL) AS realized_gross_number, p.closed_fees AS closed_fees, CAST(p.closed_fees AS REAL) AS closed_fees_number, (SELECT coalesce(sum(CAST(value AS REAL)), 0) FROM json_each(p.account_results)) AS account_total_number, CAST(p.realized_gross AS REAL) - CAST(p.closed_fees AS REAL) + (SELECT coalesce(sum(CAST(value AS REAL)), 0) FROM json_each(p.account_results)) AS realized_net_number, CAST(p.realized_gross AS REAL) - CAST(p.closed_fees AS REAL) + (SELECT coalesce(sum(CAST(value AS REAL)), 0) FROM json_each(p.account_results)) - CAST(p.open_fees AS REAL) AS realized_paid_number, p.fees AS fees, p.unvalued AS unvalued, p.account_results AS account_results, p.unvalued_results AS unvalued_results, CAST(p.missing_traded AS REAL) + abs(CAST(p.missing_moved AS REAL)) AS missing_quantity_number, CASE WHEN p.unvalued = '{}' AND p.unvalued_results = '{}' AND CAST(p.missing_traded AS REAL) + abs(CAST(p.missing_moved AS REAL)) = 0 THEN 1 ELSE 0 END AS complete, p.order_assumed AS order_assumed, strftime('%Y-%m-%dT%H:%M:%S', (p.opened_at - ((p.opened_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((p.opened_at % 1000000) + 1000000) % 1000000) AS opened_at, strftime('%Y-%m-%dT%H:%M:%S', (p.last_at - ((p.last_at % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06dZ', ((p.last_at % 1000000) + 1000000) % 1000000) AS last_at FROM positions p;
COMMIT;
