// The whole command line: `claimjump <command>`.
import { Command, CommanderError } from 'commander';
import { askCommands } from './ask-commands.ts';
import { changeCommands } from './change-commands.ts';
import { EXIT } from './operator-command.ts';
import type { OperatorIo } from './operator-command.ts';

/** Runs the command line; what is not understood ends with 2. */
export const runProgram = async (argv: readonly string[], io: OperatorIo, others: readonly Command[] = []): Promise<void> => {
  const program = new Command('claimjump').description('orders that compete for capacity').exitOverride();
  for (const command of [...askCommands(io), ...changeCommands(io), ...others]) {
    program.addCommand(command.exitOverride().configureOutput({ writeOut: print(io.write), writeErr: print(io.complain) }));
  }
  program.configureOutput({ writeOut: print(io.write), writeErr: print(io.complain) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    io.tell(error.exitCode === 0 ? EXIT.DONE : EXIT.USAGE);
  }
};

const print =
  (write: (line: string) => void) =>
  (text: string): void =>
    write(text.trimEnd());
