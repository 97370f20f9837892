using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Configuration;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>The dashboard's password: made at first start, kept as a hash, told once in a file that its owner alone may read.</summary>
internal sealed partial class DashboardPassword(NodePaths paths, IOptions<DashboardOptions> options, ILogger<DashboardPassword> logger) : IDisposable
{
    /// <summary>The one account until operators have accounts of their own.</summary>
    public const string Account = "operator";

    /// <summary>Longer input is refused unread; a password made here has 23 characters.</summary>
    public const int LongestPassword = 256;

    // No i, l, o, 0 and 1: they are mistaken for each other. 20 of 31 symbols: 99 bits.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 4;
    private const int GroupLength = 5;

    private readonly PasswordHasher<string> _hasher = new();

    // One check costs about 0.1 s of CPU (PBKDF2, 100 000 rounds): one at a time, so that guessing cannot starve the node.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private string? _hash;

    /// <summary>Where the clear text was written at first start.</summary>
    public string ClearTextFile =>
        options.Value.PasswordFile is { Length: > 0 } file ? file : Path.Combine(paths.State, "dashboard-password");

    private string HashFile => Path.Combine(paths.State, "dashboard-password.hash");

    /// <summary>Changes with the password; sessions of another stamp are over.</summary>
    public string Stamp => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Hash)), 0, 8);

    private string Hash => _hash ?? throw new InvalidOperationException("The dashboard's password is read after Ensure.");

    /// <summary>Makes the password if there is none yet.</summary>
    public void Ensure()
    {
        if (File.Exists(HashFile) && File.ReadAllText(HashFile).Trim() is { Length: > 0 } stored)
        {
            _hash = stored;
            return;
        }

        var password = string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));
        _hash = _hasher.HashPassword(Account, password);

        // Clear text first: a crash between the two makes a new pair at the next start, never a hash nobody knows.
        Replace(ClearTextFile, password + "\n");
        Replace(HashFile, _hash + "\n");
        LogMade(ClearTextFile);
    }

    public async Task<bool> VerifyAsync(string password, CancellationToken token)
    {
        if (password.Length is 0 or > LongestPassword)
        {
            return false;
        }

        await _oneAtATime.WaitAsync(token);
        try
        {
            return _hasher.VerifyHashedPassword(Account, Hash, password.Trim()) != PasswordVerificationResult.Failed;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    // Whole or not at all, and never readable by others.
    private static void Replace(string path, string text)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var written = path + ".new";
        File.Delete(written);
        PrivateFiles.WriteSecret(written, text);
        File.Move(written, path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The dashboard's password was made; read it in {File}.")]
    private partial void LogMade(string file);
}
