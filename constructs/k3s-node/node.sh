#!/usr/bin/env bash
# What the SSM document of a workload runs on its node. Parameters come as variables SSM_<name> and are never part of
# this text; LOCKSTEP_BUCKET, LOCKSTEP_NAMESPACE and LOCKSTEP_REGION come from the stack.
#
# State, in LOCKSTEP_STATE_DIR:
#   current             the release that passed its checks last
#   pending             a release that is being deployed, and the state before it
#   releases/<release>  the state after a release
# A state is made of lines, of which `end` is the last one:
#   release <release>                              image <repository@digest>
#   was <release or none>                          what was current before a pending release
#   deployment <name> <replicas> <template hash>   absent deployment <name>
#   weights <service> <blue> <green>               absent weights <service>
#   part-of <workload>                             present <kind>/<name>: it was there before the release
#                                                  applied <kind>/<name>: the release has it
#   leftovers           what a finished release does not have any more, until it is deleted
set -euo pipefail
umask 077
export PATH="$PATH:/usr/local/bin" HOME="${HOME:-/root}" AWS_REGION="${LOCKSTEP_REGION:-}"
export KUBECONFIG="${KUBECONFIG:-/etc/rancher/k3s/k3s.yaml}"

readonly STATE="${LOCKSTEP_STATE_DIR:-/var/lib/rancher/lockstep}"
readonly K3S_DATA="${LOCKSTEP_K3S_DIR:-/var/lib/rancher/k3s}"
# How kubectl words an API server that is busy, or away for a moment.
readonly BUSY='TLS handshake timeout|i/o timeout|connection refused|connection reset|deadline exceeded|Too Many Requests|too many requests|currently unable to handle|ServiceUnavailable|Client\.Timeout|request canceled|etcdserver|database is locked|unexpected EOF|: EOF|server was unable to return a response|InternalError'
# Lines of a state.
readonly STATE_LINE='^(release r-[0-9a-f]{12}|was (r-[0-9a-f]{12}|none)|image [^[:space:]]+|part-of [a-z0-9-]+|(present|applied) [^/[:space:]]+/[^/[:space:]]+|deployment [a-z0-9.-]+ [0-9]+ [a-z0-9]+|weights [a-z0-9-]+ [0-9]+ [0-9]+|absent (deployment|weights) [a-z0-9.-]+|end)$'
# As long as the last words take: the log and the result are uploaded before SSM ends the script.
readonly LAST_WORDS=20

refuse() {
  printf 'lockstep: %s\n' "$1" >&2
  exit 64
}

# --- what was asked for ------------------------------------------------------------------------------------------

[[ -n "${SSM_Action+set}" ]] ||
  refuse 'the SSM agent gives no parameters as variables: it is older than 3.3.2746.0; update the agent'
[[ "$SSM_Action" =~ ^(deploy|traffic|sample|finish|undo|rollback|health|backup)$ ]] || refuse 'Action is none of the known ones'
[[ "${SSM_Run-}" =~ ^[a-z0-9-]{1,80}$ ]] || refuse 'Run is not of the form [a-z0-9-]{1,80}'
[[ "${SSM_Release-}" =~ ^(r-[0-9a-f]{12})?$ ]] || refuse 'Release is not of the form r-<12 hex digits>'
[[ "${SSM_Weight-}" =~ ^(100|[1-9]?[0-9])$ ]] || refuse 'Weight is no whole number from 0 to 100'
[[ "${SSM_DeadlineSeconds-}" =~ ^[1-9][0-9]{0,4}$ ]] || refuse 'DeadlineSeconds is no whole number from 1 to 99999'
[[ "${LOCKSTEP_BUCKET-}" =~ ^[a-z0-9.-]{3,63}$ ]] || refuse 'LOCKSTEP_BUCKET is no name of a bucket'
[[ "${LOCKSTEP_NAMESPACE-}" =~ ^[a-z0-9-]{1,63}$ ]] || refuse 'LOCKSTEP_NAMESPACE is no name of a namespace'
[[ "${LOCKSTEP_REGION-}" =~ ^[a-z0-9-]{5,25}$ ]] || refuse 'LOCKSTEP_REGION is no name of a region'
case "$SSM_Action" in
  deploy | traffic | finish | undo | rollback) [[ -n "$SSM_Release" ]] || refuse "$SSM_Action needs a Release" ;;
esac

readonly OBJECTS="s3://$LOCKSTEP_BUCKET/runs/$SSM_Run"
now() { date +%s; }
BEGAN="$(now)"
readonly BEGAN
left() { printf '%s' "$((BEGAN + SSM_DeadlineSeconds - LAST_WORDS - $(now)))"; }

# --- words: to the log, which is uploaded while the script runs ---------------------------------------------------

phase='start' object='' outcome='failed' message='' cancelled='' uploader='' locked='' work=''

say() { printf '%4ss  %-10s %s\n' "$(($(now) - BEGAN))" "$phase" "$*"; }

# Ends the script. One line, without what could start another one.
die() {
  message="$(printf '%s' "$1" | tr -c '[:print:]' ' ' | cut -c1-400)"
  # A file, because this may be a subshell.
  if [[ -n "$work" ]]; then printf '%s\n%s\n%s\n' "$phase" "$object" "$message" >"$work/why" || true; fi
  say "failed: ${object:+$object: }$message" >&2
  exit 1
}

upload_log() { aws s3 cp --only-show-errors "$work/log" "$OBJECTS/log.txt" || true; }

# Ends between two uploads: one that came in late would put an old log in the place of the whole one. It ends by itself
# when the script was killed, which shows by another parent, because the objects of the run are deleted then.
upload_while_running() {
  local parent
  trap 'kill "$!"; exit 0' TERM
  while (($(left) > -LAST_WORDS)); do
    sleep 5 &
    wait "$!"
    read -r _ _ _ parent _ <"/proc/$BASHPID/stat"
    if [[ "$parent" != "$$" ]]; then return; fi
    upload_log
  done
}

last_words() {
  local code=$?
  trap '' TERM INT
  if [[ -n "$uploader" ]] && kill "$uploader"; then wait "$uploader" || true; fi
  if [[ -n "$locked" ]]; then rm -f "$STATE/lock"; fi
  # Who cancels the command deletes its objects: nothing may be written after that.
  if [[ -z "$cancelled" ]]; then
    if [[ $code -ne 0 ]]; then
      outcome='failed'
      if [[ -s "$work/why" ]]; then { read -r phase; read -r object; read -r message; } <"$work/why"; fi
      if [[ -z "$message" ]]; then message="ended with exit code $code"; fi
    fi
    if [[ -n "$work" ]]; then upload_log; fi
    printf 'outcome=%s\nphase=%s\nobject=%s\nmessage=%s\n' "$outcome" "$phase" "$object" "$message" |
      aws s3 cp --only-show-errors - "$OBJECTS/result.txt" || true
  fi
  if [[ -n "$work" ]]; then
    tail -c 20000 "$work/log" >&3 || true
    rm -rf "$work"
  fi
}
trap last_words EXIT
trap 'cancelled=yes; exit 143' TERM INT

if ! work="$(mktemp -d "${TMPDIR:-/tmp}/lockstep.XXXXXX")"; then
  message='no temporary folder can be made: nothing was changed'
  exit 1
fi
exec 3>&1 >>"$work/log" 2>&1

# --- kubectl -----------------------------------------------------------------------------------------------------

# Last line that kubectl wrote to stderr.
last_error() { tail -n 1 "$work/stderr" 2>/dev/null || true; }

# Asks again while the API server is busy.
k() {
  local pause=2
  until kubectl "$@" --namespace "$LOCKSTEP_NAMESPACE" --request-timeout=60s >"$work/stdout" 2>"$work/stderr"; do
    cat "$work/stderr" >&2
    if ! grep -qE "$BUSY" "$work/stderr" || (($(left) <= pause)); then return 1; fi
    say "the API server is busy; asking again in ${pause} s" >&2
    sleep "$pause"
    pause=$((pause < 15 ? pause * 2 : 15))
  done
  cat "$work/stdout"
}

api_ready() {
  phase='api'
  until kubectl get --raw=/readyz --request-timeout=10s >"$work/stdout" 2>"$work/stderr"; do
    (($(left) > 5)) || die "the Kubernetes API does not answer: $(last_error)"
    say "the Kubernetes API is not ready: $(last_error)"
    sleep 5
  done
  say 'the Kubernetes API is ready'
}

# Name, replicas and hash of the pod template of each Deployment.
deployments_now() {
  local revision='.metadata.annotations.deployment\.kubernetes\.io/revision'
  k get deployments --no-headers -o \
    "custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas,REVISION:$revision" >"$work/named" || die "$(last_error)"
  k get replicasets --no-headers -o \
    "custom-columns=OWNER:.metadata.ownerReferences[0].name,REVISION:$revision,HASH:.metadata.labels.pod-template-hash" \
    >"$work/owned" || die "$(last_error)"
  awk 'FILENAME == ARGV[1] { hash[$1 " " $2] = $3; next }
    { print $1, $2, (($1 " " $3) in hash ? hash[$1 " " $3] : "none") }' \
    "$work/owned" "$work/named" >"$work/deployments"
}

# Name, kind, port and weight of both sides of a route; nothing where there is no route.
route_now() {
  local a='.spec.weighted.services[0]' b='.spec.weighted.services[1]'
  k get traefikservices "$1" --ignore-not-found --no-headers -o \
    "custom-columns=A:$a.name,B:$a.port,C:$a.weight,D:$b.name,E:$b.port,F:$b.weight" \
    >"$work/route" || die "$(last_error)"
}

# Reads a route into `weights`, as `<blue> <green>`.
read_route() {
  local first second other
  route_now "$1"
  weights=''
  if [[ ! -s "$work/route" ]]; then return; fi
  read -r first first_port blue second second_port green other <"$work/route" || true
  if [[ "$first" != "$1-blue" || "$second" != "$1-green" || -n "$other" ]]; then
    die "the route of $1 has other sides than $1-blue and $1-green"
  fi
  if [[ ! "$blue $green" =~ ^[0-9]+\ [0-9]+$ ]]; then die "the route of $1 has no weights"; fi
  weights="$blue $green"
}

quoted_port() { if [[ "$1" =~ ^[0-9]+$ ]]; then printf '%s' "$1"; else printf '"%s"' "$1"; fi; }

# set_weights <service> <blue> <green>
set_weights() {
  local first_port='' second_port='' blue='' green='' weights=''
  object="traefikservice/$1"
  read_route "$1"
  if [[ -z "$weights" ]]; then die 'there is no such route'; fi
  if [[ "$weights" != "$2 $3" ]]; then
    k patch traefikservices "$1" --type=merge -p "$(printf '{"spec":{"weighted":{"services":[%s,%s]}}}' \
      "$(printf '{"name":"%s-blue","kind":"Service","port":%s,"weight":%s}' "$1" "$(quoted_port "$first_port")" "$2")" \
      "$(printf '{"name":"%s-green","kind":"Service","port":%s,"weight":%s}' "$1" "$(quoted_port "$second_port")" "$3")")" ||
      die "$(last_error)"
  fi
  say "$1: blue $2 %, green $3 %"
  object=''
}

# Notes what it applies, so that what the release does not have any more is known in the end.
apply() {
  object="${1#"$work/manifests/"}"
  k apply -f "$1" --server-side=false --validate=false -o name >"$work/named" || die "$(last_error)"
  sed 's/^/applied /' "$work/named" | tee -a "$work/applied"
  object=''
}

# delete <kind>/<name>
delete() {
  object="$1"
  k delete "$1" --ignore-not-found || die "$(last_error)"
  printf '%s\n' "$1" >>"$work/gone"
  object=''
}

# Lists what is there of a workload in `labelled`, as `<kind>/<name>`, in the order in which it may go: traffic first. Data
# is never among it, nor the settings that an older revision of a Deployment still names. Fails while it cannot be told.
list_labelled() {
  local owner="app.kubernetes.io/managed-by=lockstep,app.kubernetes.io/part-of=$1"
  if [[ -z "$1" ]]; then return 1; fi
  if ! k get ingressroutes.traefik.io,traefikservices.traefik.io -l "$owner" -o name >"$work/labelled"; then
    if ! grep -q "doesn't have a resource type" "$work/stderr"; then die "$(last_error)"; fi
    say 'Traefik is not there: nothing is deleted that is left over'
    return 1
  fi
  k get deployments,services,poddisruptionbudgets,horizontalpodautoscalers,networkpolicies -l "$owner" -o name \
    >>"$work/labelled" || die "$(last_error)"
}

# Why the pods of a Deployment's newest template will not come up; nothing while they may.
stuck() {
  local hash='' name pod_hash reasons restarts
  deployments_now
  hash="$(awk -v name="$1" '$1 == name { print $3 }' "$work/deployments")"
  k get pods --no-headers -o \
    'custom-columns=NAME:.metadata.name,HASH:.metadata.labels.pod-template-hash,REASON:.status.containerStatuses[*].state.waiting.reason,RESTARTS:.status.containerStatuses[*].restartCount' \
    >"$work/pods" || return 0
  while read -r name pod_hash reasons restarts; do
    if [[ "$pod_hash" != "$hash" || "$name" != "$1"-* ]]; then continue; fi
    case ",$reasons," in
      *,ImagePullBackOff,* | *,InvalidImageName,* | *,CreateContainerConfigError,*) printf '%s: %s' "$name" "$reasons" ;;
      *,CrashLoopBackOff,*)
        if [[ ! "$restarts" =~ (^|,)([3-9]|[1-9][0-9]+)(,|$) ]]; then continue; fi
        printf '%s: %s after %s restarts' "$name" "$reasons" "$restarts"
        ;;
      *) continue ;;
    esac
    return
  done <"$work/pods"
}

# wait_for <kind>/<name>
wait_for() {
  local why='' wait
  object="$1"
  while :; do
    wait="$(left)"
    ((wait > 0)) || die "not ready before the deadline of $SSM_DeadlineSeconds s"
    ((wait < 10)) || wait=10
    if kubectl rollout status "$1" --timeout="${wait}s" --namespace "$LOCKSTEP_NAMESPACE" --request-timeout=60s \
      >"$work/stdout" 2>"$work/stderr"; then
      break
    fi
    if grep -q 'exceeded its progress deadline' "$work/stderr" "$work/stdout"; then
      die 'exceeded its progress deadline'
    fi
    if ! grep -qE "timed out waiting|$BUSY" "$work/stderr"; then die "$(last_error)"; fi
    # Without this, an API server that refuses at once would be asked without a pause.
    if ! grep -q 'timed out waiting' "$work/stderr"; then sleep 5; fi
    say "$1: $(cat "$work/stdout" "$work/stderr" | tail -n 1 | tr -c '[:print:]' ' ')"
    case "$1" in
      deployment/*) why="$(stuck "${1#deployment/}")" ;;
    esac
    if [[ -n "$why" ]]; then die "$why"; fi
  done
  say "$1 is ready"
  object=''
}

# --- state -------------------------------------------------------------------------------------------------------

# Content comes on stdin. Nothing is there half, even after a loss of power: what cannot be written whole is not written at
# all.
keep() {
  local last=''
  object="$1"
  case "$1" in pending | releases/*) last='end\n' ;; esac
  {
    mkdir -p "$STATE/releases" && { cat && printf '%b' "$last"; } >"$STATE/$1.new" && sync "$STATE/$1.new" &&
      mv -f "$STATE/$1.new" "$STATE/$1" && sync "$STATE" "$STATE/releases"
  } || {
    rm -f "$STATE/$1.new" || true
    df -P "$STATE" || true
    die "the state cannot be written below $STATE, is the disk full? ${2:-}"
  }
  object=''
}

# keep_current <release, or none>
keep_current() {
  # Nothing is written that stands there already: a way back must not need room on a full disk.
  if [[ "$(current)" == "$1" ]]; then return; fi
  if [[ "$1" == none ]]; then
    rm -f "$STATE/current"
  else
    printf '%s\n' "$1" >"$work/current"
    keep current <"$work/current"
  fi
}

current() { if [[ -f "$STATE/current" ]]; then head -n 1 "$STATE/current"; fi; }
release_of() { if [[ -f "$1" ]]; then awk '$1 == "release" { print $2; exit }' "$1"; fi; }

# What was current before the pending release.
before_pending() { awk '$1 == "was" { print $2; exit }' "$STATE/pending"; }

# True where the pending release is on record already: finishing it stopped on the way, and goes on when there is a chance.
being_finished() {
  local pending
  pending="$(release_of "$STATE/pending")"
  [[ -n "$pending" && "$pending" == "$(current)" && "$pending" != "$(before_pending)" ]]
}

damaged() { die "its file below $STATE is damaged, $1; nothing was changed"; }

# Refuses a state of which something is missing: what to undo or to delete would be told wrong by it.
check_state() {
  local lines line last='' known=' '
  if [[ ! -f "$STATE/$1" ]]; then return; fi
  object="$1"
  # A look needs no lock: the file may go in between.
  mapfile -t lines <"$STATE/$1" || if [[ ! -e "$STATE/$1" ]]; then return 0; else damaged 'it cannot be read'; fi
  for line in "${lines[@]}"; do
    if [[ "$last" == end || ! "$line" =~ $STATE_LINE ]]; then damaged "by the line '$line'"; fi
    last="$line"
    known="$known${line%% *} "
  done
  if [[ "$last" != end ]]; then damaged 'it has no end'; fi
  if [[ "$known" != *' release '* ]]; then damaged 'it names no release'; fi
  if [[ "$1" == pending && "$known" != *' was '* ]]; then damaged 'it does not say what was before'; fi
  object=''
}

check_states() {
  local lines
  phase='state'
  if [[ -f "$STATE/current" ]]; then
    object='current'
    mapfile -t lines <"$STATE/current"
    if [[ ! "${lines[*]}" =~ ^r-[0-9a-f]{12}$ ]]; then damaged 'it names no release'; fi
    if [[ ! -f "$STATE/releases/${lines[0]}" ]]; then damaged "there is no state of ${lines[0]}"; fi
    check_state "releases/${lines[0]}"
  fi
  check_state pending
}

# When a process was started, so that another one with its number is told from it. One that was killed and that nobody has
# buried yet (state Z) still has its number, and does nothing any more.
start_of() { awk '$3 !~ /^[XZ]$/ { print $22 }' "/proc/$1/stat" 2>/dev/null || true; }

# One run at a time changes the cluster. What a killed run has left counts no more. A link is made with its content or not
# at all.
lock() {
  local self holder process
  self="$$.$(start_of "$$")"
  phase='lock'
  mkdir -p "$STATE" || die "$STATE cannot be made"
  until ln -s "$self" "$STATE/lock" 2>"$work/stderr"; do
    holder="$(readlink "$STATE/lock" || true)"
    process="${holder%%.*}"
    if [[ -z "$holder" ]]; then
      # Given back in between, or there never was one.
      if ln -s "$self" "$STATE/lock" 2>"$work/stderr"; then break; fi
      if [[ ! -L "$STATE/lock" ]]; then die "the lock cannot be written: $(last_error); nothing was changed"; fi
    elif ! kill -0 "$process" || [[ "$process.$(start_of "$process")" != "$holder" ]]; then
      say "process $process has left the lock behind; taking it over"
      mv -f "$STATE/lock" "$STATE/lock.$$"
      # Where another run was faster, it is its lock that was moved.
      if [[ "$(readlink "$STATE/lock.$$")" != "$holder" ]]; then mv -f "$STATE/lock.$$" "$STATE/lock"; fi
      rm -f "$STATE/lock.$$"
    else
      (($(left) > 5)) || die "another run (process $process) is at work"
      say "another run (process $process) is at work; waiting for it"
      sleep 5
    fi
  done
  locked='yes'
}

# The state of what is named: deployments in `deployments`, routed services in `routed`.
state_of() {
  local name line weights='' first_port='' second_port='' blue='' green=''
  deployments_now
  for name in $1; do
    line="$(awk -v name="$name" '$1 == name' "$work/deployments")"
    if [[ "$line" == *' none' ]]; then die "deployment $name has no revision yet; run it again in a moment"; fi
    if [[ -n "$line" ]]; then printf 'deployment %s\n' "$line"; else printf 'absent deployment %s\n' "$name"; fi
  done
  for name in $2; do
    read_route "$name"
    if [[ -n "$weights" ]]; then printf 'weights %s %s\n' "$name" "$weights"; else printf 'absent weights %s\n' "$name"; fi
  done
}

# Second word of the lines that begin with a word.
values_of() { awk -v what="$1" '$1 == what { print $2 }' "$2"; }

# `grep` that finds nothing is no failure; one that cannot read is.
chosen() { grep "$@" || [[ $? -eq 1 ]]; }

# Lines of stdin that are none of the given ones.
but() { chosen -vxF -- "${1:-/}"; }

# Finds what is there of the workload that a state names, and is in none of its lines. A state without `part-of` knows not
# enough for that, and one that knows nothing of what is there is not of this cluster.
find_doomed() {
  local known
  : >"$work/doomed"
  : >"$work/gone"
  if ! list_labelled "$(values_of part-of "$1")"; then return; fi
  known="$(values_of present "$1"; values_of applied "$1"; values_of deployment "$1" | sed 's|^|deployment.apps/|')"
  but "$known" <"$work/labelled" >"$work/doomed"
  if [[ -n "$known" && -s "$work/doomed" && "$(<"$work/doomed")" == "$(<"$work/labelled")" ]]; then
    die "nothing of what should stay is there, so that nothing is deleted"
  fi
}

doomed() { awk -F/ -v kind="$1" '$1 == kind { print $2 }' "$work/doomed"; }

delete_doomed() {
  local each
  while read -r each; do
    if grep -qxF -- "$each" "$work/gone"; then continue; fi
    say "$each: $1"
    delete "$each"
  done <"$work/doomed"
}

names_in() { awk -v what="$1" '$1 == what { print $2 } $1 == "absent" && $2 == what { print $3 }' "$2"; }

# Track of a routed service that the pending release is on: the one that had no traffic before it.
track_of() {
  local before
  before="$(awk -v name="$1" '$1 == "weights" && $2 == name { print ($3 >= $4 ? "blue" : "green") }' "$STATE/pending")"
  if [[ -z "$before" ]]; then
    printf 'blue'
  elif [[ "$(current)" == "$SSM_Release" ]]; then
    printf '%s' "$before"
  elif [[ "$before" == blue ]]; then
    printf 'green'
  else
    printf 'blue'
  fi
}

# --- deploy ------------------------------------------------------------------------------------------------------

fetch() {
  local folder
  phase='fetch'
  aws s3 cp --recursive --only-show-errors "$OBJECTS/manifests/" "$work/manifests/" ||
    die 'the manifests cannot be read from the bucket'
  if [[ ! -f "$work/manifests/10-base/namespace.yaml" ]]; then die 'there are no manifests in the bucket'; fi
  for folder in 20-stateful 30-deployments 40-routed; do listed "$folder" >/dev/null; done
  say "$(find "$work/manifests" -type f | wc -l | tr -d ' ') manifests"
}

# Names in a folder of the manifests, without the end `.yaml`.
listed() {
  local path
  for path in "$work/manifests/$1"/*; do
    if [[ ! -e "$path" ]]; then continue; fi
    path="${path##*/}"
    path="${path%.yaml}"
    if [[ ! "$path" =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]]; then die "manifest with the name $path"; fi
    printf '%s\n' "$path"
  done
}

# The state before the pending release.
before() { chosen -vE '^((release|was|image|applied) |end$)' "$STATE/pending"; }

# Writes down what is there before anything is changed. After a run that did not end, that is what was there before it.
capture() {
  local name names routed owner was unfinished=''
  phase='capture'
  if being_finished; then
    say "$(current) is on record, and finished first"
    record "$(current)"
  fi
  was="$(current)"
  routed="$(listed 40-routed)"
  names="$(listed 30-deployments; for name in $routed; do printf '%s-blue\n%s-green\n' "$name" "$name"; done)"
  if [[ -f "$STATE/pending" ]]; then
    unfinished="$(release_of "$STATE/pending")"
    say "$unfinished was not finished: the state before it counts"
    was="$(before_pending)"
    before >"$work/before"
    names="$(printf '%s\n' "$names" | but "$(names_in deployment "$work/before")")"
    routed="$(printf '%s\n' "$routed" | but "$(names_in weights "$work/before")")"
  else
    : >"$work/before"
    owner="$(awk '$1 == "app.kubernetes.io/part-of:" { print $2; exit }' "$work/manifests/10-base/namespace.yaml" |
      tr -cd 'a-z0-9-')"
    if list_labelled "$owner"; then
      { printf 'part-of %s\n' "$owner" && sed 's/^/present /' "$work/labelled"; } >"$work/before"
    fi
  fi
  state_of "$names" "$routed" >>"$work/before"
  {
    printf 'release %s\nwas %s\n' "$SSM_Release" "${was:-none}"
    # The digests by which the deployer knows the release again.
    chosen -rhoE 'image: [^" ]+@sha256:[0-9a-f]{64}$' "$work/manifests" | sort -u | sed 's/^image: /image /'
    cat "$work/before"
  } >"$work/pending"
  keep pending 'nothing in the cluster was changed' <"$work/pending"
  if [[ -n "$unfinished" ]]; then
    revive "$STATE/pending"
    restore_weights "$STATE/pending"
  fi
  say "written down: $(names_in deployment "$STATE/pending" | tr '\n' ' ')"
}

deploy() {
  local name track
  fetch
  capture
  phase='base'
  # Everything else is in it; by its name it would not come first.
  apply "$work/manifests/10-base/namespace.yaml"
  apply "$work/manifests/10-base"
  phase='stateful'
  for name in $(listed 20-stateful); do
    apply "$work/manifests/20-stateful/$name.yaml"
    wait_for "statefulset/$name"
  done
  phase='deploy'
  # One at a time: a small node has no room for the surge of all.
  for name in $(listed 30-deployments); do
    apply "$work/manifests/30-deployments/$name.yaml"
    wait_for "deployment/$name"
  done
  for name in $(listed 40-routed); do
    track="$(track_of "$name")"
    apply "$work/manifests/40-routed/$name/shared.yaml"
    apply "$work/manifests/40-routed/$name/$track.yaml"
    wait_for "deployment/$name-$track"
    route_now "$name"
    if [[ ! -s "$work/route" ]]; then apply "$work/manifests/40-routed/$name/route.yaml"; fi
    # As soon as it is there, requests come.
    if [[ -f "$work/manifests/40-routed/$name/ingress.yaml" ]]; then
      apply "$work/manifests/40-routed/$name/ingress.yaml"
    fi
    # The release has them too, whether or not they were applied.
    printf 'applied %s\n' "traefikservice.traefik.io/$name" "deployment.apps/$name-"{blue,green} >>"$work/applied"
  done
  # All at once, and last: what stopped half-way has no such lines, so that nothing is deleted for the lack of one.
  { chosen -vx end "$STATE/pending" && sort -u "$work/applied"; } >"$work/whole"
  keep pending <"$work/whole"
  phase='pods'
  k get pods --no-headers -o \
    'custom-columns=NAME:.metadata.name,PHASE:.status.phase,READY:.status.containerStatuses[*].ready,RESTARTS:.status.containerStatuses[*].restartCount' ||
    die "$(last_error)"
}

# --- traffic, sample, finish -------------------------------------------------------------------------------------

require_pending() {
  local pending
  pending="$(release_of "$STATE/pending")"
  if [[ "$pending" != "$SSM_Release" ]]; then
    die "$SSM_Release is not being deployed${pending:+, $pending is}"
  fi
}

traffic() {
  local what name rest
  phase='traffic'
  require_pending
  if [[ "$(current)" == "$SSM_Release" ]]; then
    say 'the same release again: the traffic stays'
    return
  fi
  # A first route has all of it on blue already.
  while read -r what name rest; do
    if [[ "$what" != weights ]]; then continue; fi
    say "$name had blue and green at $rest"
    case "$(track_of "$name")" in
      blue) set_weights "$name" "$SSM_Weight" "$((100 - SSM_Weight))" ;;
      green) set_weights "$name" "$((100 - SSM_Weight))" "$SSM_Weight" ;;
    esac
  done <"$STATE/pending"
}

# What Traefik has counted, for the deployer to judge.
sample() {
  local pod pods=''
  phase='sample'
  pods="$(kubectl get pods --namespace kube-system --no-headers -o custom-columns=NAME:.metadata.name \
    --request-timeout=60s 2>"$work/stderr" | grep -E '^traefik-[a-z0-9]+-[a-z0-9]+$')" ||
    die "there is no pod of Traefik: $(last_error)"
  : >"$work/metrics.txt"
  for pod in $pods; do
    object="pod/$pod"
    # Each counts for itself.
    printf '# %s\n' "$object" >>"$work/metrics.txt"
    k get "--raw=/api/v1/namespaces/kube-system/pods/$pod:9100/proxy/metrics" >>"$work/metrics.txt" || die "$(last_error)"
  done
  object=''
  aws s3 cp --only-show-errors "$work/metrics.txt" "$OBJECTS/metrics.txt" || die 'the sample cannot be uploaded'
}

# What the release had before it and has no more goes only after it is on record: until then a rollback finds everything.
finish() {
  phase='finish'
  if [[ ! -f "$STATE/pending" && "$(current)" == "$SSM_Release" ]]; then
    say 'nothing is open'
    if [[ ! -f "$STATE/leftovers" ]]; then return; fi
    find_doomed "$STATE/releases/$SSM_Release"
  else
    require_pending
    record "$SSM_Release"
  fi
  delete_doomed "$SSM_Release does not have it"
  rm -f "$STATE/leftovers"
}

# record <release>. With `current` it is decided: what is left to do after that is done by whoever comes next.
record() {
  local name deployments routed idle='' weights='' first_port='' second_port='' blue='' green=''
  grep -E '^(release|image) ' "$STATE/pending" >"$work/after"
  if grep -q '^applied ' "$STATE/pending"; then
    grep -E '^(part-of|applied) ' "$STATE/pending" >>"$work/after"
  else
    say 'it did not reach its end, so that nothing is deleted'
  fi
  find_doomed "$work/after"
  deployments="$(names_in deployment "$STATE/pending" | but "$(doomed deployment.apps)")"
  routed="$(names_in weights "$STATE/pending" | but "$(doomed traefikservice.traefik.io)")"
  for name in $routed; do
    read_route "$name"
    if [[ "$weights" == '0 '* ]]; then idle="$idle $name-blue"; fi
    if [[ "$weights" == *' 0' ]]; then idle="$idle $name-green"; fi
  done
  state_of "$deployments" "$routed" |
    awk -v idle="$idle " '$1 == "deployment" && index(idle, " " $2 " ") { $3 = 0 } { print }' >>"$work/after"
  keep "releases/$1" <"$work/after"
  keep_current "$1"
  for name in $idle; do
    if grep -q "^deployment $name " "$work/after"; then scale "$name" 0; fi
  done
  if [[ -s "$work/doomed" ]]; then keep leftovers <"$work/doomed"; fi
  rm -f "$STATE/pending"
}

# --- rollback ----------------------------------------------------------------------------------------------------

scale() {
  object="deployment/$1"
  k scale "deployment/$1" "--replicas=$2" || die "$(last_error)"
  object=''
}

# What shall have traffic again must have its pods first; an undoing that stopped half-way may not have come to it.
revive() {
  local what name replicas
  while read -r what name replicas _; do
    if [[ "$what" == deployment && "$replicas" != 0 && "$(replicas_now "$name")" == 0 ]]; then
      scale "$name" "$replicas"
      wait_for "deployment/$name"
    fi
  done <"$1"
}

restore_weights() {
  local what name blue green
  while read -r what name blue green; do
    if [[ "$what" == weights ]]; then set_weights "$name" "$blue" "$green"; fi
  done <"$1"
}

# Revision of a Deployment that has the template; nothing where it is gone.
revision_of() { awk -v name="$1" -v hash="$2" '$1 == name && $3 == hash { print $2; exit }' "$work/owned"; }

hash_now() { awk -v name="$1" '$1 == name { print $3 }' "$work/deployments"; }
replicas_now() { awk -v name="$1" '$1 == name { print $2 }' "$work/deployments"; }

# Refuses before anything is changed what could not be restored whole.
check_restorable() {
  local what name replicas hash remedy=''
  phase='check'
  if [[ "$SSM_Action" == rollback ]]; then remedy="; deploy the commit of $SSM_Release again"; fi
  deployments_now
  while read -r what name replicas hash; do
    if [[ "$what" != deployment ]]; then continue; fi
    object="deployment/$name"
    if [[ -z "$(hash_now "$name")" ]]; then die "it does not exist any more$remedy"; fi
    if [[ -z "$(revision_of "$name" "$hash")" ]]; then
      die "no revision of it has the template $hash any more$remedy"
    fi
  done <"$1"
  if [[ "$SSM_Action" == rollback ]]; then check_reachable "$1" "$remedy"; fi
  object=''
  find_doomed "$1"
  phase="$SSM_Action"
}

# By what a release of the past is reached: a later one may have gone without.
check_reachable() {
  if ! list_labelled "$(values_of part-of "$STATE/releases/$SSM_Release")"; then return; fi
  object="$(values_of applied "$1" | grep -E '^(ingressroute|traefikservice|service|networkpolicy)[./]' |
    but "$(cat "$work/labelled")" | head -n 1 || true)"
  if [[ -n "$object" ]]; then die "it does not exist any more$2"; fi
}

# Brings back one Deployment, unless it is as it was.
restore() {
  local name="$1" replicas="$2" hash="$3" changed=''
  object="deployment/$name"
  # What shall have no pods loses them before its template changes.
  if [[ "$replicas" == 0 && "$(replicas_now "$name")" != 0 ]]; then scale "$name" 0; fi
  if [[ "$(hash_now "$name")" != "$hash" ]]; then
    k rollout undo "deployment/$name" "--to-revision=$(revision_of "$name" "$hash")" || die "$(last_error)"
    changed='yes'
  fi
  # The number is the autoscaler's where there is one, unless there are none.
  if [[ "$replicas" != 0 && "$(replicas_now "$name")" != "$replicas" ]]; then
    if [[ "$(replicas_now "$name")" == 0 ]] || ! grep -qxF "$name" "$work/scaled"; then
      scale "$name" "$replicas"
      changed='yes'
    fi
  fi
  if [[ -n "$changed" && "$replicas" != 0 ]]; then wait_for "deployment/$name"; fi
}

# Ends without a change where something else than the release is open.
leave() {
  say "$1"
  outcome='left'
  message="$1"
}

# Leads back to the state before the release, if exactly that one is open.
undo() {
  local pending
  phase='undo'
  pending="$(release_of "$STATE/pending")"
  if [[ -n "$pending" && "$pending" != "$SSM_Release" ]]; then
    leave "$pending is being deployed, which is not $SSM_Release; it is left alone"
  elif [[ -z "$pending" && "$(current)" == "$SSM_Release" ]]; then
    leave "$SSM_Release was finished"
  elif [[ -z "$pending" ]]; then
    say "$SSM_Release is not open, so that nothing has to be undone"
  else
    before >"$work/goal"
    restore_all "$(before_pending)"
    rm -f "$STATE/pending"
  fi
}

# Goes to a release of the past; one that is open is undone on the way.
rollback() {
  phase='check'
  if [[ ! -f "$STATE/releases/$SSM_Release" ]]; then die "$SSM_Release was never finished on this node"; fi
  check_state "releases/$SSM_Release"
  chosen -vE '^(part-of .*|end)$' "$STATE/releases/$SSM_Release" >"$work/goal"
  if [[ -f "$STATE/pending" ]]; then
    before >"$work/before"
    awk '{ key = ($1 == "absent" ? $2 " " $3 : $1 " " $2) }
      FILENAME == ARGV[1] { known[key] } FILENAME == ARGV[1] || !(key in known)' "$work/goal" "$work/before" >"$work/whole"
    mv "$work/whole" "$work/goal"
  fi
  restore_all none
  keep_current "$SSM_Release"
  rm -f "$STATE/leftovers" "$STATE/pending"
}

# Restores the state in `goal`. What is current meanwhile must be something that is not half gone.
restore_all() {
  local what name replicas hash
  check_restorable "$work/goal"
  k get horizontalpodautoscalers --no-headers -o custom-columns=TARGET:.spec.scaleTargetRef.name >"$work/scaled" ||
    die "$(last_error)"
  keep_current "$1"
  remove_routes
  # First what shall serve, then the traffic, then what shall not serve any more.
  while read -r what name replicas hash; do
    if [[ "$what" == deployment && "$replicas" != 0 ]]; then restore "$name" "$replicas" "$hash"; fi
  done <"$work/goal"
  restore_weights "$work/goal"
  while read -r what name replicas hash; do
    if [[ "$what" == deployment && "$replicas" == 0 ]]; then restore "$name" 0 "$hash"; fi
    if [[ "$what $name" == 'absent deployment' ]]; then delete "deployment.apps/$replicas"; fi
  done <"$work/goal"
  delete_doomed 'it was not there before'
}

# A route that was not there before goes first: what served without it has all the traffic again. Its tracks go with it,
# because the Service of the time before chooses their pods as well.
remove_routes() {
  local name track
  while read -r _ _ name; do
    delete "ingressroute.traefik.io/$name-routed"
    delete "traefikservice.traefik.io/$name"
    for track in blue green; do
      if grep -qxF "absent deployment $name-$track" "$work/goal"; then delete "deployment.apps/$name-$track"; fi
    done
  done < <(chosen '^absent weights ' "$work/goal")
}

# --- health, backup ----------------------------------------------------------------------------------------------

# Lines of stdin as strings of JSON; other characters than those of names and references are left out.
strings() { tr -cd 'A-Za-z0-9 ._:/@\n-' | awk '{ printf "%s\"%s\"", (NR > 1 ? "," : ""), $0 }'; }

# What of a state names a release.
version_in() { if [[ -f "$1" ]]; then chosen -E '^(release|image) ' "$1" | strings; fi; }

leftovers() { if [[ -f "$STATE/leftovers" ]]; then strings <"$STATE/leftovers"; fi; }

health() {
  local pending leftovers
  phase='health'
  if being_finished; then
    # It is on record, so that it is not open any more; what is left of finishing it is.
    pending='' leftovers="$(before_pending | sed 's/^/what is left of /' | strings)"
  else
    pending="$(version_in "$STATE/pending")" leftovers="$(leftovers)"
  fi
  k get nodes,deployments,replicasets,statefulsets,pods,events -o json >"$work/objects.json" || die "$(last_error)"
  # Without a routed service there need be no such kind.
  k get traefikservices -o json >"$work/routes.json" || printf '{"items":[]}' >"$work/routes.json"
  {
    printf '{"current":[%s],' "$(version_in "$STATE/releases/$(current)")"
    printf '"pending":[%s],"leftovers":[%s],"objects":' "$pending" "$leftovers"
    cat "$work/objects.json"
    printf ',"routes":'
    cat "$work/routes.json"
    printf '}\n'
  } >"$work/state.json"
  aws s3 cp --only-show-errors "$work/state.json" "$OBJECTS/state.json" || die 'the state cannot be uploaded'
}

# K3s's database is SQLite: it is copied while K3s stands still; pods go on. In a session of its own, because SSM kills the
# group of a cancelled command, and K3s must come back even then.
backup() {
  phase='backup'
  object="$K3S_DATA/server"
  say 'K3s is stopped for the copy; pods go on'
  # shellcheck disable=SC2016 # the inner shell expands its own arguments
  setsid -w bash -c '
    set -euo pipefail
    trap "systemctl start k3s" EXIT
    systemctl stop k3s
    tar -C "$1" -cz db token | aws s3 cp --only-show-errors - "$2"
  ' backup "$K3S_DATA/server" "s3://$LOCKSTEP_BUCKET/backups/$SSM_Run.tar.gz" || die 'the backup could not be made or uploaded'
  object=''
  api_ready
}

# --- main --------------------------------------------------------------------------------------------------------

say "$SSM_Action${SSM_Release:+ $SSM_Release}"
case "$SSM_Action" in
  deploy | undo | rollback | backup)
    upload_while_running </dev/null >/dev/null 2>&1 3>&- &
    uploader=$!
    ;;
esac
case "$SSM_Action" in
  health | sample) ;;
  *) lock ;;
esac
case "$SSM_Action" in
  sample | backup) ;;
  *) check_states ;;
esac
if [[ "$SSM_Action" != backup ]]; then api_ready; fi
"$SSM_Action"
if [[ "$outcome" != left ]]; then outcome='done'; fi
phase='end'
say "$SSM_Action is done"
