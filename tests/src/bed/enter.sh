# Runs a command on a machine of its own, as far as processes, /tmp and /dev/shm go. Started by isolation.rs in fresh
# mount and process namespaces, where it is the first process and so reaps what the command leaves behind.
#
# Arguments: how many folders to keep in sight although they are below /tmp, those folders, the command.
set -eu
exec 2>&1
keep=$1
shift

# A second name for /tmp, before it is covered.
mount -t tmpfs -o mode=1777 bed /dev/shm
mkdir /dev/shm/outside
mount --rbind /tmp /dev/shm/outside
mount -t tmpfs -o mode=1777 bed /tmp
while [ "$keep" -gt 0 ]; do
  case $1 in
    /tmp/*)
      mkdir -p "$1"
      mount --rbind "/dev/shm/outside/${1#/tmp/}" "$1"
      ;;
  esac
  keep=$((keep - 1))
  shift
done
umount --lazy /dev/shm/outside
rmdir /dev/shm/outside
mount -t proc proc /proc

# Not exec: this shell has to stay the first process.
set +e
"$@"
exit $?
