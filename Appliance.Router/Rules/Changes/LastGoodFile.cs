using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Router.Rules.Policy;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Changes;

/// <summary>The confirmed ruleset as a script that the machine loads at boot, before its interfaces and before this program.</summary>
/// <remarks>
/// Two files can't be renamed at once, so the digests name the old script and the new one while the script is replaced: whatever
/// is cut short in between, the script that lies there is one of those named.
/// </remarks>
internal sealed partial class LastGoodFile(NodePaths paths, HealthBoard board, ILogger<LastGoodFile> logger)
{
    public const string FileName = "ruleset.nft";
    public const string DigestName = "ruleset.nft.sha256";
    public const string PolicyName = "ruleset.json";
    public const string Part = "last good ruleset";

    /// <summary>The confirmed policy, for a Router whose database was lost; null where there is none.</summary>
    public FirewallPolicy? ReadPolicy()
    {
        var path = Path.Combine(paths.State, PolicyName);
        try
        {
            return File.Exists(path) ? PolicyWire.FromJson(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            LogUnreadable(path, error);
            return null;
        }
    }

    /// <summary>True when this policy is the one that lies there, with an undamaged script.</summary>
    public bool Holds(string policyText)
    {
        try
        {
            return File.ReadAllText(Path.Combine(paths.State, PolicyName)) == policyText
                && File.ReadAllText(Path.Combine(paths.State, DigestName)) == DigestLine(Digest(File.ReadAllBytes(Path.Combine(paths.State, FileName))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Durable when it returns; a disk that fails is told on the health board, and what is in force stays so.</summary>
    public void Write(string text, string policyText)
    {
        try
        {
            var script = Encoding.UTF8.GetBytes(text);
            Replace(script, Digest(script));
            Put(PolicyName, Encoding.UTF8.GetBytes(policyText));
            board.Report(Part, PartState.Healthy, $"{FileName} is what was confirmed last.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(paths.State, error);
            board.Report(Part, PartState.Degraded, $"{Path.Combine(paths.State, FileName)} could not be written ({error.Message}); after a boot an older ruleset is in force until the Router has started.");
        }
    }

    private void Replace(byte[] script, string digest)
    {
        var path = Path.Combine(paths.State, FileName);
        var known = File.Exists(path) ? Digest(File.ReadAllBytes(path)) : digest;
        if (known != digest)
        {
            PutDigests(digest, known);
        }

        if (known != digest || !File.Exists(path))
        {
            Put(FileName, script);
        }

        PutDigests(digest);
    }

    private void PutDigests(params string[] digests) => Put(DigestName, Encoding.ASCII.GetBytes(string.Concat(digests.Select(DigestLine))));

    private void Put(string name, byte[] bytes)
    {
        var path = Path.Combine(paths.State, name);
        // Each start comes by here; a card lives longer when what is there already is not written again.
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            DurableFile.Replace(path, bytes);
        }
    }

    private static string DigestLine(string digest) => $"{digest}  {FileName}\n";

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [LoggerMessage(Level = LogLevel.Error, Message = "The last good ruleset could not be written to {Folder}.")]
    private partial void LogUnwritten(string folder, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The last good policy in {Path} could not be read.")]
    private partial void LogUnreadable(string path, Exception error);
}
