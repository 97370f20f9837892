using System.CommandLine;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Updates;

namespace Appliance.Commands;

/// <summary>What root's unit asks of `appliance update` on a node that runs a Debian package (apply-update).</summary>
internal static class UpdatePackageCommand
{
    private const string Configuration = "/etc/appliance/appliance.json";

    public static IEnumerable<Command> Create() => [CreateUnpack(), CreateJudge()];

    private static Command CreateUnpack()
    {
        var bundle = new Argument<FileInfo>("BUNDLE") { Description = "Signed bundle that the package's build made" };
        var output = new Option<FileInfo>("--out") { Description = "File to write the package to", HelpName = "FILE", Required = true };
        var command = new Command("unpack", "Take the package out of a bundle that this machine may install, and print its version. Run by appliance-update.service") { bundle, output };
        command.SetAction(async (parsed, token) =>
        {
            try
            {
                var trial = new PackageTrial(new UpdatePaths(), _ => Task.FromResult(false), TimeProvider.System);
                var version = await trial.UnpackAsync(parsed.GetRequiredValue(bundle).FullName, parsed.GetRequiredValue(output).FullName, token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(version);
                return CommandLine.Done;
            }
            catch (ApplianceException failure)
            {
                throw new CommandFailedException($"{failure.Reason}: {failure.Message}", failure);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException($"The package can't be taken out: {failure.Message}", failure);
            }
        });
        return command;
    }

    private static Command CreateJudge()
    {
        var roles = new Argument<string[]>("ROLE") { Description = "Role that has to answer", Arity = ArgumentArity.OneOrMore };
        roles.AcceptOnlyFromAmong([.. RoleNames.All]);
        var command = new Command("judge", "Keep the package that was installed once its roles have answered for 30 s; fail when they do not in 5 minutes. Run by appliance-update.service") { roles };
        command.SetAction(async (parsed, token) =>
        {
            var asked = parsed.GetRequiredValue(roles).Select(word => RoleNames.TryParse(word, out var role) ? role : default).Distinct().ToList();
            try
            {
                return await new PackageTrial(new UpdatePaths(), new RoleHealth(() => asked, Configuration).IsServingAsync, TimeProvider.System).JudgeAsync(token)
                    ? CommandLine.Done
                    : throw new CommandFailedException($"The roles did not answer for {BootTrial.Steady.TotalSeconds:0} s on end within {BootTrial.Deadline.TotalMinutes:0} minutes.");
            }
            catch (ApplianceException failure)
            {
                throw new CommandFailedException(failure.Message, failure);
            }
        });
        return command;
    }
}
