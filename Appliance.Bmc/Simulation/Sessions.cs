using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>Who may call: log-ins, tokens that slide, and the lockout. Lives and ends with the daemon.</summary>
internal sealed class Sessions(BoardProfile profile, BoardAccount account, TimeProvider clock)
{
    private const string Realm = "Access to Baseboard Management Controller";
    private const string TokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int TokenLength = 64;

    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly Lockout _lockout = new(profile, clock);

    /// <summary>Bans given so far.</summary>
    public int Bans => _lockout.Bans;

    /// <summary>Answers a log-in; every refusal is 403 and text.</summary>
    public BoardAnswer LogIn(string peer, ReadOnlyMemory<byte> body)
    {
        if (!TryReadCredentials(body, out var user, out var password, out var fault))
        {
            return Forbidden(fault);
        }

        return Refuse(peer, user, password) is { } refusal ? Forbidden(refusal) : Open(user);
    }

    /// <summary>Null when the call may pass, else the 401 that refuses it.</summary>
    public BoardAnswer? Check(string peer, string? authorization)
    {
        if (authorization is null)
        {
            return Unauthorized("Basic", "no authorization header provided");
        }

        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return Unauthorized("Basic", $"cannot parse authorization header: {authorization}");
        }

        var scheme = authorization[..space];
        var refusal = scheme switch
        {
            "Bearer" => RefuseToken(peer, authorization[(space + 1)..]),
            "Basic" => RefuseBasic(peer, authorization[(space + 1)..]),
            _ => $"{scheme} authentication not supported",
        };
        return refusal is null ? null : Unauthorized(scheme, refusal);
    }

    private static bool TryReadCredentials(ReadOnlyMemory<byte> body, out string user, out string password, out string fault)
    {
        user = password = "";
        fault = "error trying to parse credentials: expected value at line 1 column 1";
        try
        {
            using var document = JsonDocument.Parse(body);
            return TryReadText(document.RootElement, "username", ref user, ref fault)
                && TryReadText(document.RootElement, "password", ref password, ref fault);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadText(JsonElement root, string name, ref string value, ref string fault)
    {
        fault = $"error trying to parse credentials: missing field `{name}` at line 1 column 2";
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out var field) || field.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        value = field.GetString() ?? "";
        return true;
    }

    private string? Refuse(string peer, string user, string password)
    {
        if (_lockout.Ban(peer) is { } ban)
        {
            return Banned(ban);
        }

        if (account.Accepts(user, password))
        {
            _lockout.Forgive(peer);
            return null;
        }

        return _lockout.Penalize(peer) is { } next ? Banned(next) : "credentials incorrect";
    }

    private string? RefuseToken(string peer, string token)
    {
        if (_lockout.Ban(peer) is { } ban)
        {
            return Banned(ban);
        }

        if (!_tokens.TryGetValue(token, out var lastUse))
        {
            return _lockout.Penalize(peer) is { } next ? Banned(next) : $"token {token} is not registered";
        }

        var age = clock.GetUtcNow() - lastUse;
        if (age >= profile.TokenLifetime)
        {
            // Not counted as a failure, but the second use of the same token is.
            _tokens.Remove(token);
            return $"token expired {HumanTime.Format(age)} ago";
        }

        _tokens[token] = clock.GetUtcNow();
        _lockout.Forgive(peer);
        return null;
    }

    private string? RefuseBasic(string peer, string credentials)
    {
        var buffer = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, buffer, out var length))
        {
            return "error trying to parse credentials: Invalid padding";
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? "error trying to parse credentials: basic authentication formatted wrong"
            : Refuse(peer, pair[..colon], pair[(colon + 1)..]);
    }

    private BoardAnswer Open(string user)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _tokens.Where(entry => now - entry.Value > profile.TokenLifetime).Select(entry => entry.Key).ToList())
        {
            _tokens.Remove(old);
        }

        var token = RandomNumberGenerator.GetString(TokenLetters, TokenLength);
        _tokens[token] = now;
        var session = new JsonObject
        {
            ["id"] = token,
            ["name"] = "User Session",
            ["description"] = "User Session",
            ["username"] = user,
        };
        return BoardAnswer.Bare(session) with { Headers = [("X-Auth-Token", token)] };
    }

    private static string Banned(TimeSpan left) =>
        $"Exceeded allowed authentication attempts. Access blocked for {HumanTime.Format(left)}";

    private static BoardAnswer Forbidden(string text) => BoardAnswer.Text(StatusCodes.Status403Forbidden, text);

    private static BoardAnswer Unauthorized(string scheme, string text)
    {
        var challenge = scheme switch
        {
            "Bearer" => $"Bearer realm=\"{Realm}\" error=\"invalid_token\" error_description=\"{text}\"",
            "Basic" => $"Basic realm=\"{Realm}\"",
            _ => $"realm=\"{Realm}\"",
        };
        return BoardAnswer.Text(StatusCodes.Status401Unauthorized, text) with { Headers = [("WWW-Authenticate", challenge)] };
    }
}
