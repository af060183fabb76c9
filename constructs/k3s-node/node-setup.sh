#!/usr/bin/env bash
# Makes a node of K3s out of an instance of Amazon Linux 2023. cloud-init runs it at every start of the instance, so it
# changes only what differs: a new version of K3s comes with a new text of this file, which makes the instance start
# anew. The constants come from the stack and stand below this line.
#   REGION, LOG_GROUP, DATA_VOLUME   K3S_VERSION, K3S_SHA256 (may be empty: then that of the release)
#   REGISTRIES (hosts of ECR, may be empty), PROVIDER_VERSION, PROVIDER_SHA256
set -euo pipefail
umask 022

# Only tests set it.
readonly ROOT="${LOCKSTEP_ROOT:-}"
readonly DATA="$ROOT/var/lib/rancher"
readonly SSM_AGENT_MINIMUM=3.3.2746.0

say() { printf 'lockstep: %s\n' "$*"; }
fail() {
  say "$*" >&2
  exit 1
}

WORK="$(mktemp -d)"
readonly WORK
trap 'rm -rf "$WORK"' EXIT

download() { # <url> <file>
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 \
    --retry 5 --retry-all-errors --connect-timeout 20 --output "$2" "$1" || fail "cannot download $1"
}

has_checksum() { # <file> <sha256>
  [[ -f "$1" ]] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status
}

# Writes what comes in, if the file differs. Answers whether it did.
write() { # <file>
  local draft="$WORK/draft"
  cat >"$draft"
  if cmp --silent "$draft" "$1"; then return 1; fi
  install -D -m 0644 "$draft" "$1" || fail "cannot write $1"
}

# Writes what is to be shipped. Answers whether that is new.
configure_logs() { # <file>
  write "$1" <<EOF
{
  "agent": { "run_as_user": "root" },
  "logs": {
    "logs_collected": {
      "files": {
        "collect_list": [
          { "file_path": "/var/log/cloud-init-output.log", "log_group_name": "$LOG_GROUP", "log_stream_name": "cloud-init" },
          { "file_path": "/var/log/k3s.log", "log_group_name": "$LOG_GROUP", "log_stream_name": "k3s" },
          {
            "file_path": "/var/log/pods/*/*/*.log",
            "log_group_name": "$LOG_GROUP",
            "log_stream_name": "pods",
            "publish_multi_logs": true
          }
        ]
      }
    }
  }
}
EOF
}

# Logs come first: they tell how the rest went.
ship_logs() {
  local config="$ROOT/opt/aws/amazon-cloudwatch-agent/etc/lockstep.json"
  command -v amazon-cloudwatch-agent-ctl >/dev/null || dnf install -y -q amazon-cloudwatch-agent || return
  if ! configure_logs "$config" && systemctl is-active --quiet amazon-cloudwatch-agent; then return; fi
  if amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$config"; then return; fi
  # So that the next start takes it for new.
  rm -f "$config"
  return 1
}

# An older agent gives a document no variables, and the document then refuses to work.
update_ssm_agent() {
  local installed
  installed="$(rpm --query --queryformat '%{VERSION}' amazon-ssm-agent)" || installed=''
  if printf '%s\n%s\n' "$SSM_AGENT_MINIMUM" "$installed" | sort --check=quiet --version-sort; then return; fi
  say "the SSM agent is '$installed', older than $SSM_AGENT_MINIMUM"
  dnf install -y -q "https://s3.$REGION.amazonaws.com/amazon-ssm-$REGION/latest/linux_amd64/amazon-ssm-agent.rpm"
  systemctl restart amazon-ssm-agent
}

# The volume is attached after the instance has started. It is formatted only when there is nothing on it.
mount_data() {
  local device="$ROOT/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${DATA_VOLUME/-/}" tries=180 status=0
  until [[ -e "$device" ]]; do
    ((tries-- > 0)) || fail "$DATA_VOLUME was not attached within 15 minutes"
    sleep 5
  done
  blkid --probe "$device" >/dev/null || status=$?
  case "$status" in
    0) ;;
    2) mkfs.xfs -q "$device" ;;
    *) fail "what is on $DATA_VOLUME cannot be told (blkid: $status); it stays as it is" ;;
  esac
  mkdir -p "$DATA"
  grep --quiet --fixed-strings "$device " "$ROOT/etc/fstab" ||
    printf '%s %s xfs noatime,nofail 0 2\n' "$device" "$DATA" >>"$ROOT/etc/fstab"
  mountpoint --quiet "$DATA" || mount "$DATA"
  # The volume may have grown.
  xfs_growfs "$DATA" >/dev/null
}

# The kubelet signs in to ECR by the role of the instance.
# https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
install_ecr_provider() {
  local folder="$DATA/credentialprovider" file
  file="$folder/bin/ecr-credential-provider"
  if [[ -z "$REGISTRIES" ]]; then
    rm -rf "$folder"
    return
  fi
  if ! has_checksum "$file" "$PROVIDER_SHA256"; then
    download "https://artifacts.k8s.io/binaries/cloud-provider-aws/$PROVIDER_VERSION/linux/amd64/ecr-credential-provider-linux-amd64" \
      "$WORK/provider"
    has_checksum "$WORK/provider" "$PROVIDER_SHA256" || fail 'the credential provider has another checksum'
    install -D -m 0755 "$WORK/provider" "$file"
    changed=yes
  fi
  {
    printf '%s\n' 'apiVersion: kubelet.config.k8s.io/v1' 'kind: CredentialProviderConfig' 'providers:' \
      '  - name: ecr-credential-provider' '    apiVersion: credentialprovider.kubelet.k8s.io/v1' \
      '    defaultCacheDuration: 6h' '    matchImages:'
    # shellcheck disable=SC2086 # hosts, with spaces between them
    printf '      - %s\n' $REGISTRIES
  } | write "$folder/config.yaml" && changed=yes
  return 0
}

configure_k3s() {
  # What a node proves itself with belongs to the cluster, not to the instance.
  mkdir -p "$ROOT/etc/rancher" "$DATA/node"
  [[ -L "$ROOT/etc/rancher/node" ]] || ln -s "$DATA/node" "$ROOT/etc/rancher/node"
  write "$ROOT/etc/rancher/k3s/config.yaml" <<'EOF' && changed=yes
# A fixed name: volumes are bound to it, and outlive the instance.
node-name: node
write-kubeconfig-mode: '0600'
secrets-encryption: true
prefer-bundled-bin: true
log: /var/log/k3s.log
kubelet-arg:
  - container-log-max-size=10Mi
  - container-log-max-files=3
  - image-gc-high-threshold=80
  - image-gc-low-threshold=70
EOF
  write "$ROOT/etc/logrotate.d/k3s" <<'EOF' || true
/var/log/k3s.log {
  size 50M
  rotate 3
  copytruncate
  missingok
  notifempty
}
EOF
  write "$ROOT/etc/systemd/system/k3s.service" <<'EOF' && changed=yes
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target
RequiresMountsFor=/var/lib/rancher

[Install]
WantedBy=multi-user.target

[Service]
Type=notify
# Pods outlive the server.
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s server
EOF
  return 0
}

minor_of() { # <version>
  local rest="${1#v*.}"
  printf '%s' "${rest%%.*}"
}

# Kubernetes skips no minor version, and does not go back.
# https://docs.k3s.io/upgrades
admit_version() { # <installed version>
  local step=$(($(minor_of "$K3S_VERSION") - $(minor_of "$1")))
  ((step == 0 || step == 1)) || fail "K3s goes up one minor version at a time: $1 is installed, $K3S_VERSION is wanted"
}

install_k3s() {
  local binary="$ROOT/usr/local/bin/k3s" version_file="$DATA/lockstep-k3s-version" installed=''
  local release="https://github.com/k3s-io/k3s/releases/download/${K3S_VERSION/+/%2B}" expected="$K3S_SHA256"
  [[ -f "$version_file" ]] && installed="$(<"$version_file")"
  if [[ -x "$binary" && "$installed" == "$K3S_VERSION" ]]; then return; fi
  [[ -z "$installed" ]] || admit_version "$installed"
  if [[ -z "$expected" ]]; then
    download "$release/sha256sum-amd64.txt" "$WORK/checksums"
    expected="$(awk '$2 == "k3s" { print $1 }' "$WORK/checksums")"
  fi
  download "$release/k3s" "$WORK/k3s"
  has_checksum "$WORK/k3s" "$expected" || fail "K3s $K3S_VERSION has another checksum than '$expected'"
  install -D -m 0755 "$WORK/k3s" "$binary"
  ln -sf k3s "$ROOT/usr/local/bin/kubectl"
  ln -sf k3s "$ROOT/usr/local/bin/crictl"
  printf '%s\n' "$K3S_VERSION" >"$version_file"
  changed=yes
}

changed=''
# A node without logs is better than none.
(ship_logs) || say 'the logs are not shipped; the next start tries it again' >&2
update_ssm_agent
mount_data
install_ecr_provider
configure_k3s
install_k3s
systemctl daemon-reload
systemctl enable --quiet k3s
# A start that is under way is waited for; a restart leaves the pods alone.
if [[ -n "$changed" ]]; then systemctl restart k3s; else systemctl start k3s; fi
say "K3s $K3S_VERSION runs"
