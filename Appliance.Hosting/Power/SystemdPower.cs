using System.ComponentModel;
using System.Diagnostics;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Listeners;

namespace Appliance.Hosting.Power;

/// <summary>Reboots and shuts down by systemd's own program, with what right the role's user has there.</summary>
/// <param name="allowed">What the configuration says.</param>
/// <param name="program">systemctl(1).</param>
/// <param name="mark">The folder that is there where systemd runs (sd_booted(3)).</param>
/// <param name="clock">For how long it is waited.</param>
internal sealed class SystemdPower(bool allowed, string program, string mark, TimeProvider clock) : IMachinePower
{
    public const string Program = "/usr/bin/systemctl";
    public const string Mark = "/run/systemd/system";

    /// <summary>Reason of the error where the role may not.</summary>
    public const string NotPermitted = "NOT_PERMITTED";

    private const int MaxText = 256;

    // It only files the request, and answers in milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task RebootAsync(CancellationToken token) => AskAsync("reboot", token);

    public Task ShutdownAsync(CancellationToken token) => AskAsync("poweroff", token);

    private async Task AskAsync(string verb, CancellationToken token)
    {
        if (!allowed)
        {
            throw new BusyException(NotPermitted, $"This node takes no order to {verb}: Node:Power:Machine is 'none'; set it to 'systemd' there.");
        }

        if (!Directory.Exists(mark))
        {
            throw new BusyException(NotPermitted, $"This node cannot {verb} itself: Node:Power:Machine is 'systemd', but systemd does not run there ({mark} is missing).");
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        var refusal = await RunAsync(verb, either.Token);
        if (refusal.Length > 0)
        {
            throw new BusyException(NotPermitted, $"systemd does not {verb} this node: {ForeignText.OneLine(refusal, MaxText)}");
        }
    }

    /// <summary>What it said when it refused; empty when it did not.</summary>
    private async Task<string> RunAsync(string verb, CancellationToken token)
    {
        try
        {
            // --no-block: the answer to the caller has to leave before the network goes.
            using var child = Process.Start(new ProcessStartInfo(program, ["--no-ask-password", "--no-wall", "--no-block", verb])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return await FinishAsync(child, token);
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }

    private static async Task<string> FinishAsync(Process child, CancellationToken token)
    {
        try
        {
            child.StandardInput.Close();
            var said = child.StandardError.ReadToEndAsync(token);
            await child.StandardOutput.ReadToEndAsync(token);
            var text = (await said).Trim();
            await child.WaitForExitAsync(token);
            return child.ExitCode == 0 ? "" : text.Length > 0 ? text : $"exit code {child.ExitCode}";
        }
        catch (OperationCanceledException error)
        {
            child.Kill(entireProcessTree: true);
            throw new Errors.UnreachableException($"systemctl gave no answer within {Patience.TotalSeconds:0} s; whether the node stops is not known.", error);
        }
    }
}
