using System.Security.Cryptography;
using Appliance.Hosting.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Site;

/// <summary>Passwords of accounts: how they are made, hashed and checked.</summary>
public static class AccountPassword
{
    /// <summary>NIST SP 800-63B asks for 8 at least; guesses here are few, but a copied file can be guessed at for years.</summary>
    public const int Shortest = 12;

    /// <summary>Longer input is refused unread.</summary>
    public const int Longest = 256;

    // PBKDF2 with HMAC-SHA-512: OWASP's count of 2023; about 0.1 s on a desktop core, 0.4 s on a Compute Module 4.
    private const int Rounds = 210_000;

    // No i, l, o, 0 and 1: they are mistaken for each other. 20 of 31 symbols: 99 bits.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 4;
    private const int GroupLength = 5;

    /// <summary>A password that nobody has had before.</summary>
    public static string Make() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    internal static string Hash(string account, string password)
    {
        var text = password.Trim();
        return text.Length is >= Shortest and <= Longest
            ? Hasher().HashPassword(account, text)
            : throw new InvalidInputException("password", $"has {text.Length} characters; it takes {Shortest} to {Longest}");
    }

    internal static bool Fits(string account, string hash, string password) =>
        Hasher().VerifyHashedPassword(account, hash, password.Trim()) != PasswordVerificationResult.Failed;

    private static PasswordHasher<string> Hasher() => new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
}
