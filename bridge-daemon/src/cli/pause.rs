//! `iox-bridge pause` and `iox-bridge resume`.

use std::process::ExitCode;

use clap::Args;

use crate::config::document::{did_you_mean, on_one_line};
use crate::supervisor::{self, Ask, PauseAnswer, Paused};

use super::{Exit, Where};

/// The arguments of both.
#[derive(Args, Debug)]
pub struct Pause {
    /// The stream's name in the configuration
    #[arg(value_name = "STREAM")]
    stream: String,
    #[command(flatten)]
    place: Where,
}

impl Pause {
    /// Pauses the stream, or lets it go on.
    pub(super) fn run(self, pauses: bool) -> ExitCode {
        let Some(socket) = self.place.find() else { return Exit::Config.into() };
        let question = if pauses { Ask::Pause(self.stream.clone()) } else { Ask::Resume(self.stream.clone()) };
        let name = on_one_line(&self.stream);
        match supervisor::ask(&socket, &question) {
            Ok(PauseAnswer::Done(Paused { routes, changed })) => {
                let routes = routes.iter().map(|route| on_one_line(route)).collect::<Vec<_>>().join(", ");
                let text = match (pauses, changed) {
                    (true, true) => format!("{name} is paused: samples are taken, dropped and counted ({routes})"),
                    (true, false) => format!("{name} was paused already ({routes})"),
                    (false, true) => format!("{name} goes on ({routes})"),
                    (false, false) => format!("{name} was not paused ({routes})"),
                };
                eprintln!("{text}");
                Exit::Ok.into()
            }
            Ok(PauseAnswer::NoStream(streams)) => {
                let close = did_you_mean(&self.stream, streams.iter().map(String::as_str));
                let hint = close.map(|close| format!("; did you mean `{}`?", on_one_line(close))).unwrap_or_default();
                eprintln!("this bridge has no stream `{name}`{hint}");
                Exit::Failure.into()
            }
            Err(error) => {
                eprintln!("{error}");
                Exit::Unavailable.into()
            }
        }
    }
}
