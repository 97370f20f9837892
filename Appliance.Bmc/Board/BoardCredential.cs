using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>User and password of a board; read anew at each log-in, so a changed file takes effect at once.</summary>
internal sealed class BoardCredential
{
    /// <summary>Where the password is looked for when no file is named.</summary>
    public const string Variable = "APPLIANCE_BMC_PASSWORD";

    /// <summary>What every board is delivered with.</summary>
    public static BoardCredential Factory { get; } = Known("root", "turing");

    private readonly string _userName;
    private readonly Func<CancellationToken, Task<string>> _read;

    private BoardCredential(string userName, string source, Func<CancellationToken, Task<string>> read)
    {
        _userName = userName;
        Source = source;
        _read = read;
    }

    /// <summary>In words, where the password comes from.</summary>
    public string Source { get; }

    public string UserName => _userName;

    public static BoardCredential FromFile(string userName, string path) => new(userName, path, token => ReadFileAsync(path, token));

    public static BoardCredential FromEnvironment(string userName, string fileSetting) => new(userName, $"variable {Variable}", _ =>
        Task.FromResult(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } password
            ? password
            : throw new UnreachableException(
                $"No password for the board's user {userName}: name a file in {fileSetting} or set {Variable}.")));

    public static BoardCredential Known(string userName, string password) => new(userName, "memory", _ => Task.FromResult(password));

    /// <summary>The body of a log-in, and a digest by which the same credentials are known again.</summary>
    public async Task<(byte[] Body, string Digest)> ReadAsync(CancellationToken token)
    {
        var password = await _read(token);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["username"] = _userName, ["password"] = password });
        return (body, Convert.ToHexString(SHA256.HashData(body)));
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken token)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, Encoding.UTF8, token)).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UnreachableException($"The board's password file {path} cannot be read: {error.Message}", error);
        }
    }
}
