/// Every schema change ever released, in order: the registry's (embedded SQLite, or PostgreSQL) and the user files'.
///
/// A released file is never edited again; a test compares this list with the directory.
package enum Migrations {
    /// For `MASTER_DB_PATH`.
    package static let registry: [Migration] = [
        Migration(.registry, 1, "create_stock_schema", PackageResources.registry_0001_create_stock_schema_sql),
        Migration(.registry, 2, "create_schedule", PackageResources.registry_0002_create_schedule_sql),
        Migration(.registry, 3, "create_quarantine", PackageResources.registry_0003_create_quarantine_sql),
        Migration(.registry, 4, "create_key_alias", PackageResources.registry_0004_create_key_alias_sql),
    ]

    /// The same registry in PostgreSQL (`DATABASE_URL`). A table or column of one set belongs into the other, too.
    package static let postgres: [Migration] = [
        Migration(.postgres, 1, "create_registry", PackageResources.postgres_0001_create_registry_sql),
        Migration(.postgres, 2, "create_quarantine", PackageResources.postgres_0002_create_quarantine_sql),
        Migration(.postgres, 3, "create_key_alias", PackageResources.postgres_0003_create_key_alias_sql),
    ]

    /// For every `user_<id>.sqlite`.
    package static let user: [Migration] = [
        Migration(.user, 1, "create_stock_schema", PackageResources.user_0001_create_stock_schema_sql),
        Migration(.user, 2, "free_execution_log", PackageResources.user_0002_free_execution_log_sql),
        Migration(.user, 3, "create_rule_state", PackageResources.user_0003_create_rule_state_sql),
        Migration(.user, 4, "create_snapshot", PackageResources.user_0004_create_snapshot_sql),
        Migration(.user, 5, "create_action_journal", PackageResources.user_0005_create_action_journal_sql),
        Migration(.user, 6, "create_tag_scope", PackageResources.user_0006_create_tag_scope_sql),
        Migration(.user, 7, "create_protected_hash", PackageResources.user_0007_create_protected_hash_sql),
        Migration(.user, 8, "create_parked_batch", PackageResources.user_0008_create_parked_batch_sql),
        Migration(
            .user, 9, "create_upload_allowance", PackageResources.user_0009_create_upload_allowance_sql),
        Migration(
            .user, 10, "drop_needless_indexes", PackageResources.user_0010_drop_needless_indexes_sql),
        Migration(.user, 11, "cheapen_open_index", PackageResources.user_0011_cheapen_open_index_sql),
        Migration(.user, 12, "drop_snapshot_indexes", PackageResources.user_0012_drop_snapshot_indexes_sql),
    ]
}
