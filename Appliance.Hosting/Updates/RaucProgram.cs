using Appliance.Hosting.Errors;
using Appliance.Hosting.Listeners;

namespace Appliance.Hosting.Updates;

/// <summary>rauc(1): reads bundles itself, and has its service, which is root, do the rest (D-Bus, de.pengutronix.rauc).</summary>
internal sealed class RaucProgram(UpdatePaths paths, TimeProvider clock)
{
    public const string WrongSignature = "WRONG_SIGNATURE";

    private const int MaxText = 300;

    // A slot of 256 MiB on a slow card takes about a minute; D-Bus answers in milliseconds.
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Tool _tool = new(paths.Rauc);

    /// <summary>Verifies the signature and reads the manifest.</summary>
    public async Task<RaucBundle> ReadAsync(string bundle, CancellationToken token)
    {
        var answer = await RunAsync(["info", "--output-format=json", bundle], _ => { }, Patience, token);
        if (answer.ExitCode != 0)
        {
            throw answer.Errors.Contains("signature", StringComparison.OrdinalIgnoreCase) && !answer.Errors.Contains("Signature size", StringComparison.Ordinal)
                ? new BusyException(WrongSignature, $"The bundle is not signed by whom this node trusts ({paths.Certificate}): {Last(answer)} Nothing was installed.")
                : new BusyException("BUNDLE_DAMAGED", $"The file is no bundle that rauc can read: {Last(answer)} Nothing was installed.");
        }

        return RaucStatus.ReadBundle(answer.Output);
    }

    /// <summary>Writes the bundle to the slots that do not run, telling how far it is, 0 to 100.</summary>
    public async Task InstallAsync(string bundle, Action<int> tell, CancellationToken token)
    {
        var answer = await RunAsync(["install", bundle], line => TellShare(line, tell), InstallPatience, token);
        if (answer.ExitCode != 0)
        {
            throw Refusal(answer);
        }
    }

    public async Task<IReadOnlyList<RaucSlot>> ReadSlotsAsync(CancellationToken token) =>
        RaucStatus.ReadSlots((await AskAsync(["status", "--detailed", "--output-format=json"], token)).Output);

    /// <summary>Has the bootloader try the slot first, with all its tries.</summary>
    /// <param name="slot"><c>other</c> or <c>booted</c>.</param>
    /// <param name="token">Gives up waiting.</param>
    public Task MarkActiveAsync(string slot, CancellationToken token) => AskAsync(["status", "mark-active", slot], token);

    /// <summary>Gives the slot that runs all its tries again.</summary>
    public Task MarkGoodAsync(CancellationToken token) => AskAsync(["status", "mark-good", "booted"], token);

    private async Task<ToolAnswer> AskAsync(string[] arguments, CancellationToken token)
    {
        var answer = await RunAsync(arguments, _ => { }, Patience, token);
        return answer.ExitCode == 0 ? answer : throw Refusal(answer);
    }

    private async Task<ToolAnswer> RunAsync(string[] arguments, Action<string> tell, TimeSpan limit, CancellationToken token)
    {
        using var patience = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        try
        {
            return await _tool.RunAsync(arguments, tell, either.Token);
        }
        catch (OperationCanceledException error) when (patience.IsCancellationRequested)
        {
            throw new UnreachableException($"rauc {arguments[0]} gave no answer within {limit.TotalSeconds:0} s.", error);
        }
    }

    // Its own words are all that its service hands on.
    private static ApplianceException Refusal(ToolAnswer answer)
    {
        var said = answer.Errors + answer.Output;
        return said.Contains("Already processing", StringComparison.Ordinal) ? new BusyException(UpdateTurn.InProgress, "Another update of this node is under way; wait for it to end, then try again.")
            : said.Contains(UpdateFloor.TooOld, StringComparison.Ordinal) ? new BusyException(UpdateFloor.TooOld, $"The system itself refused the bundle: {Last(answer)}")
            : said.Contains("AccessDenied", StringComparison.Ordinal) ? new BusyException("NOT_PERMITTED", $"rauc's service takes no orders from this role: {Last(answer)}")
            : said.Contains("No space left", StringComparison.Ordinal) || said.Contains("too small", StringComparison.Ordinal)
                ? new LimitExceededException("NO_SPACE", $"The slot does not hold the image: {Last(answer)}")
                : new BusyException("INSTALL_FAILED", $"rauc failed, and the slot that runs is as it was: {Last(answer)}");
    }

    // " 85% Copying image to rootfs.1"
    private static void TellShare(string line, Action<int> tell)
    {
        var cut = line.IndexOf('%', StringComparison.Ordinal);
        if (cut > 0 && int.TryParse(line.AsSpan(0, cut), System.Globalization.NumberStyles.AllowLeadingWhite, System.Globalization.CultureInfo.InvariantCulture, out var share))
        {
            tell(share);
        }
    }

    private static string Last(ToolAnswer answer)
    {
        var lines = (answer.Output + answer.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var fault = lines.LastOrDefault(line => line.Contains("LastError", StringComparison.Ordinal))
            ?? lines.LastOrDefault(line => !line.Contains("rauc-Message", StringComparison.Ordinal) && !line.EndsWith("failed", StringComparison.Ordinal))
            ?? $"exit code {answer.ExitCode}";
        return ForeignText.OneLine(fault, MaxText).TrimEnd('.') + ".";
    }
}
