//! The memories that a worker shares with other workers: sent by the supervisor as file descriptors, before the plan that
//! counts them.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
};

/// File descriptors in one message; the kernel's limit is 253.
const AT_ONCE: usize = 64;

/// Sends them, each message one byte long: how many it has. The last one has none.
///
/// # Errors
/// When the socket does not take them at once, which a new one does.
pub(crate) fn send(socket: impl AsFd, memories: &[OwnedFd]) -> io::Result<()> {
    for some in memories.chunks(AT_ONCE).chain([[].as_slice()]) {
        let files: Vec<BorrowedFd<'_>> = some.iter().map(AsFd::as_fd).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(AT_ONCE))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !files.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&files)) {
            return Err(io::Error::other("more file descriptors than a message has room for"));
        }
        let count = u8::try_from(files.len()).map_err(io::Error::other)?;
        rustix::net::sendmsg(&socket, &[IoSlice::new(&[count])], &mut control, SendFlags::NOSIGNAL)?;
    }
    Ok(())
}

/// Receives them.
///
/// # Errors
/// When the supervisor is gone, sends something else, or this process can have no more file descriptors.
pub(super) fn receive(socket: &UnixStream) -> io::Result<Vec<OwnedFd>> {
    let mut memories = Vec::new();
    loop {
        let mut count = [0];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(AT_ONCE))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut bytes = [IoSliceMut::new(&mut count)];
        let received = rustix::net::recvmsg(socket, &mut bytes, &mut control, RecvFlags::CMSG_CLOEXEC)?;
        if received.bytes != 1 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let before = memories.len();
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(files) = message {
                memories.extend(files);
            }
        }
        // The kernel leaves out those for which there is no file descriptor.
        if memories.len() - before != usize::from(count[0]) {
            return Err(io::Error::other("the supervisor's memories did not all arrive; file descriptors are short"));
        }
        if count[0] == 0 {
            return Ok(memories);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::account::shared_memory;

    #[test]
    fn memories_arrive_in_order_however_many() {
        for many in [0, 1, AT_ONCE, AT_ONCE + 1] {
            let (ours, theirs) = UnixStream::pair().expect("sockets");
            let sent: Vec<_> =
                (0..many).map(|n| shared_memory("test", 4096 * (n as u64 + 1)).expect("memory")).collect();
            send(&ours, &sent).expect("there is room");
            let received = receive(&theirs).expect("all arrive");
            let sizes = received.into_iter().map(|file| File::from(file).metadata().expect("a file").len());
            assert!(sizes.eq((0..many).map(|n| 4096 * (n as u64 + 1))));
        }
    }

    #[test]
    fn a_supervisor_that_is_gone_is_an_error() {
        let (ours, theirs) = UnixStream::pair().expect("sockets");
        drop(ours);
        assert!(receive(&theirs).is_err());
    }
}
