using System.Security.Cryptography;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Nodes;

/// <summary>Asks for the first certificate of one role until it is there, and says on the console what there is to do.</summary>
internal sealed class RoleCertificateWait(NodeFile file, Role role, string state, TextWriter console, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly NodeCertificate _certificate = new(file, role, state);
    private string _said = "";

    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        if (!_certificate.IsThere)
        {
            using var key = _certificate.Key();
            // A router has the authority itself, and gives all its roles their certificates.
            var bytes = file.Role == Role.Router ? _certificate.IssueOwn(key, clock) : await AskAsync(key, port, cancellationToken);
            var folder = _certificate.Store(bytes, key);
            RoleOwner.Give(Path.GetDirectoryName(folder)!, role, "/");
        }

        Say(Line(EnrollmentLineState.Certified).ToString());
    }

    /// <summary>Notes that nothing is left to be asked for.</summary>
    public void Mark() => _certificate.Mark();

    private async Task<byte[]> AskAsync(ECDsa key, int port, CancellationToken cancellationToken)
    {
        using var client = new EnrollmentClient(file, port);
        var (signingRequest, sha256) = (SigningRequest.Make(key, file.Name), Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
        Say($"{role.Word()} {file.Name} of site {file.Site}: key SHA-256 {sha256}");
        var pause = FirstPause;
        while (true)
        {
            var wait = pause;
            try
            {
                var answer = await client.AskAsync(file.TokenOf(role), signingRequest, cancellationToken);
                if (answer.IsRefused)
                {
                    throw new CommandFailedException((Line(EnrollmentLineState.Refused) with { RequestId = answer.RequestId }).ToString());
                }

                if (answer.Certificate is { } certificate)
                {
                    return certificate;
                }

                Say((Line(EnrollmentLineState.Waits) with { RequestId = answer.RequestId, KeySha256 = sha256 }).ToString());
            }
            catch (LimitExceededException error)
            {
                Say(error.Message);
                wait = error.RetryAfter ?? pause;
            }
            catch (Exception error) when (error is UnreachableException or BusyException)
            {
                Say($"The router {file.Router} gives no certificate yet: {error.Message}");
            }
            catch (UnauthenticatedException error)
            {
                throw new CommandFailedException(error.Message, error);
            }

            await Task.Delay(wait, clock, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private EnrollmentLine Line(EnrollmentLineState lineState) => new(role, file.Name, lineState);

    // What was said last is not said again with every try.
    private void Say(string line)
    {
        if (line != _said)
        {
            console.WriteLine(_said = line);
        }
    }
}
