/** Directives of nginx that do not affect access. A directive that is missing here may restrict. */

/** Whole families, by the beginnings of their names. */
const FAMILIES =
  /^(proxy|fastcgi|uwsgi|scgi|grpc|memcached|gzip|gunzip|brotli|zstd|client|keepalive|lingering|open_file_cache|log|resolver|limit_req|limit_conn|limit_rate|real_ip|server_names_hash|types_hash|variables_hash|http2|http3|quic|sub_filter|ssi|charset|image_filter|opentracing|otel|access_log|error_log|worker|pcre|thread_pool|health_check|zone|lua|init|js_import|js_set|js_path|js_var)(_|$)/;

const NAMES = new Set(
  `listen server_name server_tokens root alias index autoindex autoindex_exact_size autoindex_format autoindex_localtime
  default_type types add_header add_trailer expires etag if_modified_since set auth_request_set error_page
  sendfile sendfile_max_chunk tcp_nopush tcp_nodelay send_timeout send_lowat aio aio_write directio directio_alignment output_buffers
  postpone_output chunked_transfer_encoding max_ranges disable_symlinks merge_slashes port_in_redirect absolute_redirect
  server_name_in_redirect underscores_in_headers ignore_invalid_headers large_client_header_buffers connection_pool_size
  request_pool_size reset_timedout_connection recursive_error_pages rewrite_log uninitialized_variable_warn set_real_ip_from
  msie_padding msie_refresh read_ahead subrequest_output_buffer_size map map_hash_bucket_size map_hash_max_size geo upstream
  split_clients set_escape_uri set_unescape_uri user pid daemon events load_module env debug_connection multi_accept use more_set_headers more_clear_headers
  more_set_input_headers more_clear_input_headers mirror mirror_request_body slice source_charset override_charset auth_delay
  auth_basic_user_file auth_jwt_key_file auth_jwt_key_request auth_jwt_key_cache auth_jwt_type auth_jwt_leeway
  userid userid_name userid_domain userid_path userid_expires userid_p3p ssl stub_status empty_gif ssl_certificate
  ssl_certificate_key ssl_protocols ssl_ciphers ssl_prefer_server_ciphers ssl_session_cache ssl_session_timeout
  ssl_session_tickets ssl_session_ticket_key ssl_dhparam ssl_ecdh_curve ssl_stapling ssl_stapling_verify ssl_stapling_file
  ssl_stapling_responder ssl_trusted_certificate ssl_client_certificate ssl_verify_depth ssl_crl ssl_buffer_size ssl_early_data ssl_conf_command
  ssl_password_file ssl_certificate_cache ssl_reject_handshake`.split(/\s+/),
);

export const isHarmless = (name: string): boolean => NAMES.has(name) || FAMILIES.test(name);

/** These are examined one by one. */
export const READ = new Set(
  `auth_request auth_basic auth_jwt allow deny satisfy ssl_verify_client limit_except internal return rewrite try_files if
  location server http include`.split(/\s+/),
);
