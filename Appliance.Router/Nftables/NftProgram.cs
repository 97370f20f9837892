using System.Diagnostics;
using System.Text;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Runs nft in a short-lived child, so that its 60 to 400 MB of memory and its crashes stay out of the gateway.</summary>
internal sealed class NftProgram(NetworkNamespace? home, TimeProvider clock)
{
    // Named in full: a PATH is the caller's, these rights are not.
    public const string NftPath = "/usr/sbin/nft";
    public const string NsenterPath = "/usr/bin/nsenter";

    // 100,000 interval elements took up to 6 s on a loaded machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Who tells this program's changes from those of others.</summary>
    public OwnChanges? Own { get; init; }

    /// <summary>Checks a script against the kernel and changes nothing.</summary>
    public Task CheckAsync(string script, CancellationToken token) => RunAsync(["-c", "-f", "-"], script, token);

    /// <summary>Applies a script as one transaction.</summary>
    public Task ApplyAsync(string script, CancellationToken token) => RunAsync(["-f", "-"], script, token);

    /// <summary>A table without counts, and without the elements of its named sets; throws when it is not there.</summary>
    public Task<string> ListAsync(string table, CancellationToken token) => RunAsync(["--stateless", "--terse", "list", "table", "inet", table], "", token);

    /// <summary>Applies a script that is too long to be in memory; when its writing fails, nothing of it is in force.</summary>
    public Task ApplyAsync(Func<Stream, CancellationToken, Task> write, CancellationToken token) => RunAsync(["-f", "-"], write, token);

    private Task<string> RunAsync(string[] arguments, string script, CancellationToken token) =>
        RunAsync(arguments, (stream, cancellation) => stream.WriteAsync(Encoding.UTF8.GetBytes(script), cancellation).AsTask(), token);

    private async Task<string> RunAsync(string[] arguments, Func<Stream, CancellationToken, Task> write, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        using var child = Process.Start(Describe(arguments)) ?? throw new RulesetRejectedException($"{NftPath} could not be started.");
        Own?.AddChild(child.Id);
        try
        {
            var output = child.StandardOutput.ReadToEndAsync(either.Token);
            var errors = child.StandardError.ReadToEndAsync(either.Token);
            await WriteAsync(child, write, either.Token);
            await child.WaitForExitAsync(either.Token);
            return child.ExitCode == 0
                ? await output
                : throw new RulesetRejectedException($"nft {string.Join(' ', arguments)} ended with {child.ExitCode}: {FirstLines(await errors)}");
        }
        catch (OperationCanceledException error) when (!token.IsCancellationRequested)
        {
            throw new RulesetRejectedException($"nft {string.Join(' ', arguments)} took more than {Patience.TotalSeconds:0} s and was ended; the old ruleset stays.", error);
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    private ProcessStartInfo Describe(string[] arguments)
    {
        var start = new ProcessStartInfo(home is null ? NftPath : NsenterPath)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It would convert the times of rules by its own time zone; they are rendered in the kernel's, which is UTC.
        start.Environment["TZ"] = "UTC";
        if (home is not null)
        {
            start.ArgumentList.Add($"--net={home.Path}");
            start.ArgumentList.Add(NftPath);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static async Task WriteAsync(Process child, Func<Stream, CancellationToken, Task> write, CancellationToken token)
    {
        try
        {
            await write(child.StandardInput.BaseStream, token);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // nft ended before it read everything; its exit code and its words say why.
        }
    }

    private static string FirstLines(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3));
}
