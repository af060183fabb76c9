# shellcheck shell=bash
# Programs that the script calls, as functions of the shell: each shell of the script reads this file (BASH_ENV).
#
# A cluster of files: WORLD/deployments/<name> is `<replicas> <revision> <hash>`, WORLD/revisions/<name> has a line
# `<revision> <hash>` for each, WORLD/routes/<name> is `<blue> <green>`. WORLD/objects/<kind>/<name> is there for every
# object, with the workload in it whose label it has.
#
# Each call goes to WORLD/calls. WORLD/faults holds lines `<times>|<pattern>|<what>`: the next calls that match fail with
# `what` on stderr, or, for `KILL`, end the whole process group of the script as SSM does; for `KILLMAIN`, its first
# process alone.

# The first shell is the leader of the group.
export NODE_PROCESS="${NODE_PROCESS:-$$}"

stand_in_called() {
  local times pattern what line faults='' struck=''
  printf '%s\n' "$*" >>"$WORLD/calls"
  if [[ ! -s "$WORLD/faults" ]]; then return; fi
  while IFS='|' read -r times pattern what; do
    line="$times|$pattern|$what"
    if [[ -z "$struck" ]] && ((times > 0)) && [[ "$*" =~ $pattern ]]; then
      struck="$what"
      line="$((times - 1))|$pattern|$what"
    fi
    faults+="$line"$'\n'
  done <"$WORLD/faults"
  if [[ -z "$struck" ]]; then return; fi
  printf '%s' "$faults" >"$WORLD/faults"
  case "$struck" in
    KILL) kill -KILL -- "-$NODE_PROCESS" ;;
    KILLMAIN) kill -KILL "$NODE_PROCESS" ;;
    TERM)
      kill -TERM "$NODE_PROCESS"
      return
      ;;
    # A wait that ends without success has taken its time.
    *'timed out waiting'*) printf '%s\n' "$(($(<"$WORLD/clock") + 10))" >"$WORLD/clock" ;;
  esac
  printf '%s\n' "$struck" >&2
  exit 1
}

date() { printf '%s\n' "$(<"$WORLD/clock")"; }

sync() ( stand_in_called sync "$@" )

grep() {
  if [[ -e "$WORLD/no-grep" ]]; then return 2; fi
  command grep "$@"
}

systemctl() ( stand_in_called systemctl "$@" )

# Time passes at once, but for the loop that uploads the log: it runs beside the script, without its descriptor 3.
sleep() {
  if [[ ! -e /proc/self/fd/3 ]]; then exec /bin/sleep "$(cat "$WORLD/upload-pause" 2>/dev/null || printf 30)"; fi
  printf '%s\n' "$(($(<"$WORLD/clock") + $1))" >"$WORLD/clock"
}

# `aws s3 cp` between files, folders, stdin and WORLD/s3.
aws() (
  stand_in_called aws "$@"
  [[ "$1 $2" == 's3 cp' ]] || exit 2
  shift 2
  recursive=''
  paths=()
  for argument in "$@"; do
    case "$argument" in
      --recursive) recursive=yes ;;
      --only-show-errors) ;;
      *) paths+=("${argument/#s3:\/\//$WORLD/s3/}") ;;
    esac
  done
  from="${paths[0]}" to="${paths[1]}"
  if [[ -n "$recursive" ]]; then
    mkdir -p "$to" && cp -r "$from." "$to"
    return
  fi
  if [[ ! -d "${to%/*}" ]]; then mkdir -p "${to%/*}"; fi
  if [[ "$from" == - ]]; then from=/dev/stdin; fi
  cat "$from" >"$to"
)

kubectl() (
  stand_in_called kubectl "$@"
  cd "$WORLD" || exit
  stand_in_cluster "$@"
)

stand_in_missing() {
  printf 'Error from server (NotFound): %s not found\n' "$1" >&2
  exit 1
}

# Sets `replicas`, `revision` and `hash` of a Deployment.
stand_in_read() { read -r replicas revision hash 2>/dev/null <"deployments/$1" || stand_in_missing "$1"; }

# stand_in_go_to <name> <hash> <replicas>: the revision of the hash becomes the newest one.
stand_in_go_to() {
  local hash='' replicas='' revision=0 old old_hash revisions=''
  if [[ -f "deployments/$1" ]]; then stand_in_read "$1"; fi
  if [[ "$hash" != "$2" ]]; then
    revision=$((revision + 1))
    if [[ -f "revisions/$1" ]]; then
      while read -r old old_hash; do
        if [[ "$old_hash" != "$2" ]]; then revisions+="$old $old_hash"$'\n'; fi
      done <"revisions/$1"
    fi
    printf '%s%s %s\n' "$revisions" "$revision" "$2" >"revisions/$1"
  fi
  printf '%s %s %s\n' "$3" "$revision" "$2" >"deployments/$1"
}

# Sets `resource` to a kind as `-o name` words it: `deployment.apps`.
stand_in_resource() {
  resource="${1,,}"
  case "$resource" in
    deployment | statefulset) resource+='.apps' ;;
    ingressroute | traefikservice) resource+='.traefik.io' ;;
    poddisruptionbudget) resource+='.policy' ;;
    horizontalpodautoscaler) resource+='.autoscaling' ;;
    networkpolicy) resource+='.networking.k8s.io' ;;
  esac
}

# Applies the objects of a file.
stand_in_apply() {
  local key value kind='' name='' workload='' image='' replicas='' resource=''
  while read -r key value || [[ -n "$key" ]]; do
    case "$key" in
      kind:) kind="$value" ;;
      name:) name="${name:-$value}" ;;
      app.kubernetes.io/part-of:) workload="$value" ;;
      image:) image="${value##*:}" ;;
      replicas:) replicas="$value" ;;
      ---)
        stand_in_apply_one
        kind='' name='' workload='' image='' replicas=''
        ;;
    esac
  done <"$1"
  stand_in_apply_one
}

stand_in_apply_one() {
  stand_in_resource "$kind"
  case "$kind" in
    Deployment) stand_in_go_to "$name" "${image:0:8}" "$replicas" ;;
    TraefikService) printf '100 0\n' >"routes/$name" ;;
  esac
  if [[ ! -d "objects/$resource" ]]; then mkdir "objects/$resource"; fi
  printf '%s\n' "$workload" >"objects/$resource/$name"
  printf '%s/%s\n' "$resource" "$name"
}

# stand_in_list <kinds> <workload>
stand_in_list() {
  local kind file resource
  for kind in ${1//,/ }; do
    kind="${kind%.traefik.io}"
    kind="${kind/%policies/policys}"
    stand_in_resource "${kind%s}"
    for file in "objects/$resource"/*; do
      if [[ -f "$file" && "$(<"$file")" == "$2" ]]; then printf '%s/%s\n' "$resource" "${file##*/}"; fi
    done
  done
}

stand_in_cluster() {
  local replicas='' revision='' hash='' name each blue green
  case "$*" in
    get*' -l '*)
      stand_in_list "$2" "${4##*part-of=}"
      return
      ;;
  esac
  case "$1 $2" in
    'get --raw=/readyz') printf 'ok' ;;
    'get --raw='*) printf '%s\n' "$(<metrics)" ;;
    'get deployments') for each in deployments/*; do
      if [[ -f "$each" ]]; then
        stand_in_read "${each##*/}"
        printf '%s %s %s\n' "${each##*/}" "$replicas" "$revision"
      fi
    done ;;
    'get replicasets') for each in revisions/*; do
      if [[ -f "$each" ]]; then
        while read -r revision hash; do printf '%s %s %s\n' "${each##*/}" "$revision" "$hash"; done <"$each"
      fi
    done ;;
    'get pods')
      if [[ "$*" == *kube-system* ]]; then
        printf 'svclb-traefik-1-x\ntraefik-57c9-kx2p\n'
      elif [[ "$*" != *REASON* ]]; then
        printf 'api-1 Running true 0\n'
      elif [[ -f pods ]]; then
        printf '%s\n' "$(<pods)"
      fi
      ;;
    'get traefikservices')
      if [[ "$3" == -* ]]; then
        printf '{"items":[]}'
      elif [[ -f "routes/$3" ]]; then
        read -r blue green <"routes/$3"
        printf '%s-blue 80 %s %s-green 80 %s\n' "$3" "$blue" "$3" "$green"
      fi
      ;;
    'get horizontalpodautoscalers') if [[ -f autoscalers ]]; then printf '%s\n' "$(<autoscalers)"; fi ;;
    'get nodes,'*) printf '{"kind":"List","items":[]}' ;;
    'apply -f')
      if [[ -d "$3" ]]; then for each in "$3"/*; do stand_in_apply "$each"; done; else stand_in_apply "$3"; fi
      ;;
    'rollout status') printf 'successfully rolled out\n' ;;
    'rollout undo')
      name="${3#deployment/}"
      each=''
      while read -r revision hash; do
        if [[ "$revision" == "${4#--to-revision=}" ]]; then each="$hash"; fi
      done <"revisions/$name"
      if [[ -z "$each" ]]; then stand_in_missing "revision ${4#--to-revision=}"; fi
      stand_in_read "$name"
      stand_in_go_to "$name" "$each" "$replicas"
      ;;
    scale*)
      name="${2#deployment/}"
      stand_in_read "$name"
      printf '%s %s %s\n' "${3#--replicas=}" "$revision" "$hash" >"deployments/$name"
      ;;
    'patch traefikservices')
      [[ "$6" =~ \"weight\":([0-9]+).*\"weight\":([0-9]+) ]] || return
      printf '%s %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >"routes/$3"
      ;;
    'delete '*)
      rm -f "objects/$2"
      case "$2" in
        deployment.apps/*) rm -f "deployments/${2#*/}" "revisions/${2#*/}" ;;
        traefikservice.traefik.io/*) rm -f "routes/${2#*/}" ;;
      esac
      ;;
    *)
      printf 'error: the stand-in knows no %s\n' "$*" >&2
      return 1
      ;;
  esac
}
