/// The schemas after all migrations, reviewed against stock's. A change here is a change of what is on users' disks.
///
/// `NN` is not null, `CT` the current timestamp. To renew after a new migration, take the text that the failing test prints.
enum GoldenSchema {
    /// Of the registry.
    static let registry = """
        api_keys(id INTEGER PK, auth_id TEXT NN, encrypted_key TEXT NN, key_name TEXT, is_active BOOLEAN =true, \
        created_at DATETIME =CT, updated_at DATETIME =CT) AUTOINCREMENT
          auth_id -> user_registry(auth_id) CASCADE
          index idx_api_keys_active(is_active, auth_id)
          unique(auth_id)
        pending_actions(id INTEGER PK, auth_id TEXT NN, payload TEXT NN, rule_id INTEGER, \
        created_at DATETIME =CT) AUTOINCREMENT
          index idx_pending_actions_auth_id(auth_id)
          index idx_pending_actions_auth_rule(auth_id, rule_id, id)
          index idx_pending_actions_created_at(created_at)
        schema_migrations(version TEXT PK, name TEXT NN, applied_at DATETIME =CT)
          index idx_schema_migrations_version(version)
        tbx_key_alias(alias_id TEXT NN PK, auth_id TEXT NN, created_ms INTEGER NN) STRICT WITHOUT ROWID
          auth_id -> user_registry(auth_id) CASCADE
          unique(auth_id)
        tbx_migration(set TEXT NN PK, number INTEGER NN PK, name TEXT NN, checksum TEXT NN, \
        applied_ms INTEGER NN) STRICT WITHOUT ROWID
        tbx_quarantine(auth_id TEXT NN PK, cause TEXT NN, incidents INTEGER NN, last_incident_ms INTEGER NN, \
        until_ms INTEGER, operations TEXT NN, evidence TEXT NN) STRICT WITHOUT ROWID
          auth_id -> user_registry(auth_id) CASCADE
        tbx_user(auth_id TEXT NN PK, next_due_ms INTEGER, last_polled_ms INTEGER, last_success_ms INTEGER, \
        last_error TEXT, failure_count INTEGER NN =0, retry_after_ms INTEGER, paused_reason TEXT, \
        torbox_account TEXT, created_ms INTEGER NN, account_id INTEGER) STRICT WITHOUT ROWID
          auth_id -> user_registry(auth_id) CASCADE
          index idx_tbx_user_account(account_id) partial
        user_registry(auth_id TEXT PK, db_path TEXT NN, status TEXT ='active', has_active_rules INTEGER =0, \
        non_terminal_torrent_count INTEGER =0, next_poll_at DATETIME =CT, created_at DATETIME =CT, \
        updated_at DATETIME =CT, queued_uploads_count INTEGER =0, next_upload_attempt_at DATETIME, \
        consecutive_auth_failures INTEGER =0, consecutive_plan_restricted_failures INTEGER =0, \
        upload_tier TEXT NN ='limited', upload_retained_file_count INTEGER =0, \
        upload_retained_storage_bytes INTEGER =0, last_seen_at DATETIME, prev_last_seen_at DATETIME)
          index idx_user_registry_created_at(created_at)
          index idx_user_registry_last_seen(last_seen_at)
          index idx_user_registry_polling(has_active_rules, next_poll_at, status)
          index idx_user_registry_status(status)
          index idx_user_registry_upload_queue(queued_uploads_count, next_upload_attempt_at)
          index idx_user_registry_upload_tier(upload_tier)
          index idx_user_registry_uploads(queued_uploads_count, next_upload_attempt_at, status)
          unique(db_path)
        """

    /// Of a user file.
    static let user = """
        archived_downloads(id INTEGER PK, torrent_id TEXT NN, hash TEXT NN, tracker TEXT, name TEXT, \
        archived_at DATETIME =CT, created_at DATETIME =CT) AUTOINCREMENT
          index idx_archived_downloads_archived_at(archived_at DESC)
          index idx_archived_downloads_hash(hash)
          unique idx_archived_downloads_unique_torrent(torrent_id)
        automation_rules(id INTEGER PK, name TEXT NN, enabled BOOLEAN =true, trigger_config TEXT NN, \
        conditions TEXT NN, action_config TEXT NN, metadata TEXT, cooldown_minutes INTEGER =0, \
        last_executed_at DATETIME, execution_count INTEGER =0, created_at DATETIME =CT, updated_at DATETIME =CT, \
        last_evaluated_at DATETIME, asset_types TEXT NN ='["torrent"]') AUTOINCREMENT
        custom_views(id INTEGER PK, name TEXT NN, filters TEXT NN, sort_field TEXT, sort_direction TEXT, \
        visible_columns TEXT, asset_type TEXT, created_at DATETIME =CT, updated_at DATETIME =CT, search_query TEXT, \
        sort_order INTEGER) AUTOINCREMENT
        download_tags(id INTEGER PK, tag_id INTEGER NN, download_id TEXT NN, created_at DATETIME =CT) AUTOINCREMENT
          tag_id -> tags(id) CASCADE
          index idx_download_tags_download_id(download_id)
          unique(tag_id, download_id)
        link_history(id INTEGER PK, item_id TEXT NN, file_id TEXT, url TEXT NN, asset_type TEXT NN, item_name TEXT, \
        file_name TEXT, generated_at DATETIME =CT, created_at DATETIME =CT, status TEXT NN ='success') AUTOINCREMENT
          index idx_link_history_generated_at(generated_at DESC)
          index idx_link_history_item_file(item_id, file_id, asset_type)
          index idx_link_history_item_name(item_name)
        protected_downloads(download_id TEXT PK, protected_at DATETIME =CT)
        rule_execution_log(id INTEGER PK, rule_id INTEGER NN, rule_name TEXT NN, execution_type TEXT NN, \
        items_processed INTEGER =0, success BOOLEAN =true, error_message TEXT, \
        executed_at DATETIME =CT) AUTOINCREMENT
          index idx_rule_execution_log_rule_id(rule_id, executed_at)
        schema_migrations(version TEXT PK, name TEXT NN, applied_at DATETIME =CT)
        speed_history(id INTEGER PK, torrent_id TEXT NN, timestamp DATETIME =CT, total_downloaded INTEGER NN, \
        total_uploaded INTEGER NN) AUTOINCREMENT
          torrent_id -> torrent_shadow(torrent_id) CASCADE
          index idx_speed_history_timestamp(timestamp)
          index idx_speed_history_torrent_timestamp(torrent_id, timestamp)
        stremio_addons(id INTEGER PK, addon_id TEXT NN, manifest_url TEXT NN, name TEXT NN, version TEXT, \
        logo TEXT, description TEXT, manifest_json TEXT NN, resources_json TEXT NN, types_json TEXT NN, \
        id_prefixes_json TEXT NN, enabled INTEGER NN =1, sort_order INTEGER NN =0, last_refresh TEXT, \
        created_at TEXT NN =CT, updated_at TEXT NN =CT) AUTOINCREMENT
          unique idx_stremio_addons_addon_id(addon_id)
          unique(manifest_url)
        tags(id INTEGER PK, name TEXT NN, created_at DATETIME =CT, updated_at DATETIME =CT) AUTOINCREMENT
          unique(name)
        tbx_action(action_id INTEGER PK, log_id INTEGER, rule_id INTEGER NN, rule_name TEXT NN, \
        revision INTEGER NN, asset TEXT NN, queued INTEGER NN, item_id INTEGER NN, hash TEXT, item_name TEXT, \
        action TEXT NN, parameters TEXT, evidence TEXT, state TEXT NN, detail TEXT, created_ms INTEGER NN, \
        sent_ms INTEGER, finished_ms INTEGER, observed_ms INTEGER, batch_id INTEGER) AUTOINCREMENT STRICT
          index tbx_action_batch(batch_id) partial
          index tbx_action_finished(finished_ms) partial
          index tbx_action_item(asset, queued, item_id)
          index tbx_action_log(log_id) partial
          index tbx_action_open(state) partial
          index tbx_action_rule(rule_id, action_id)
          index tbx_action_unlogged(rule_id) partial
        tbx_item(item_pk INTEGER PK, asset TEXT NN, queued INTEGER NN, item_id INTEGER NN, hash TEXT, name TEXT, \
        state TEXT, downloaded INTEGER, uploaded INTEGER, progress REAL, first_seen_ms INTEGER NN, \
        last_seen_ms INTEGER NN, misses INTEGER NN =0, missing_since_ms INTEGER, last_download_ms INTEGER, \
        last_upload_ms INTEGER, download_stalled_ms INTEGER, upload_stalled_ms INTEGER, \
        download_watched_ms INTEGER NN, upload_watched_ms INTEGER NN, sampled_ms INTEGER) STRICT
          unique(asset, queued, item_id)
        tbx_migration(set TEXT NN PK, number INTEGER NN PK, name TEXT NN, checksum TEXT NN, \
        applied_ms INTEGER NN) STRICT WITHOUT ROWID
        tbx_parked_batch(batch_id INTEGER PK, rule_id INTEGER NN, rule_name TEXT NN, revision INTEGER NN, \
        action TEXT NN, reason TEXT NN, item_limit INTEGER NN, library_size INTEGER NN, state TEXT NN, log_id INTEGER, \
        created_ms INTEGER NN, updated_ms INTEGER NN, decided_ms INTEGER, closed_ms INTEGER) AUTOINCREMENT STRICT
          index tbx_parked_batch_live(rule_id) partial
          unique tbx_parked_batch_open(rule_id) partial
        tbx_protected_hash(item_id INTEGER NN PK, asset TEXT NN PK, hash TEXT NN PK) STRICT WITHOUT ROWID
        tbx_rule(rule_id INTEGER PK, revision INTEGER NN, changed_ms INTEGER NN, evaluated_ms INTEGER, \
        evaluated_revision INTEGER, attention TEXT, disabled_reason TEXT) STRICT
          rule_id -> automation_rules(id) CASCADE
        tbx_sample(item_pk INTEGER NN PK, at_ms INTEGER NN PK, downloaded INTEGER NN, \
        uploaded INTEGER NN) STRICT WITHOUT ROWID
          item_pk -> tbx_item(item_pk) CASCADE
        tbx_snapshot(asset TEXT NN PK, completed_ms INTEGER NN, item_count INTEGER NN) STRICT WITHOUT ROWID
        tbx_tag_scope(tag_id INTEGER NN PK, download_id TEXT NN PK, asset TEXT NN PK, \
        queued INTEGER NN PK) STRICT WITHOUT ROWID
          tag_id -> download_tags(tag_id) CASCADE
          download_id -> download_tags(download_id) CASCADE
        tbx_upload_allowance(type TEXT NN PK, budget INTEGER NN, remaining INTEGER NN, reset_ms INTEGER, \
        said_ms INTEGER NN) STRICT WITHOUT ROWID
        tmdb_credentials(id INTEGER PK, encrypted_api_key TEXT NN, updated_at TEXT NN =CT) CHECK (id = 1)
        torrent_shadow(torrent_id TEXT PK, last_total_downloaded INTEGER =0, last_total_uploaded INTEGER =0, \
        last_state TEXT, created_at DATETIME =CT, updated_at DATETIME =CT)
        torrent_telemetry(torrent_id TEXT PK, last_download_activity_at DATETIME, last_upload_activity_at DATETIME, \
        stalled_since DATETIME, upload_stalled_since DATETIME, created_at DATETIME =CT, updated_at DATETIME =CT)
          torrent_id -> torrent_shadow(torrent_id) CASCADE
          index idx_torrent_telemetry_stalled_since(stalled_since)
        upload_attempts(id INTEGER PK, upload_id INTEGER, type TEXT NN, status_code INTEGER, success BOOLEAN NN, \
        error_code TEXT, error_message TEXT, attempted_at DATETIME =CT, is_cached INTEGER NN =0) AUTOINCREMENT
          index idx_upload_attempts_attempted_at(attempted_at DESC)
          index idx_upload_attempts_budget_type_time(type, attempted_at) partial
          index idx_upload_attempts_type_time(type, attempted_at)
          index idx_upload_attempts_upload_id(upload_id)
        uploads(id INTEGER PK, type TEXT NN, upload_type TEXT NN, file_path TEXT, url TEXT, name TEXT NN, \
        status TEXT NN ='queued', error_message TEXT, retry_count INTEGER =0, seed INTEGER, \
        allow_zip BOOLEAN =true, as_queued BOOLEAN =false, password TEXT, queue_order INTEGER NN =0, \
        next_attempt_at DATETIME, last_processed_at DATETIME, completed_at DATETIME, file_deleted BOOLEAN =false, \
        created_at DATETIME =CT, updated_at DATETIME =CT, torbox_hash TEXT, torbox_torrent_id INTEGER, \
        torbox_auth_id TEXT, add_only_if_cached BOOLEAN =false, file_size_bytes INTEGER) AUTOINCREMENT
          index idx_uploads_created_at(created_at DESC)
          index idx_uploads_dequeue(status, type, next_attempt_at, queue_order)
          index idx_uploads_file_deleted(file_deleted, completed_at)
          index idx_uploads_queue_order(status, type, queue_order)
        """
}
