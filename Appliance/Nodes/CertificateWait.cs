using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Nodes;

/// <summary>Asks for a node's first certificate until it is there, and says on the console what there is to do.</summary>
internal sealed class CertificateWait(NodeFile file, string state, TextWriter console, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly NodeCertificate _certificate = new(file, state);
    private string _said = "";

    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        if (_certificate.IsThere)
        {
            _certificate.Mark();
            Say($"{file} has its certificate.");
            return;
        }

        using var key = _certificate.Key();
        Say($"{file}: key SHA-256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key.ExportSubjectPublicKeyInfo()))}");
        var bytes = file.Role == Role.Router ? _certificate.IssueOwn(key, clock) : await AskAsync(SigningRequest.Make(key, file.Name), port, cancellationToken);
        var folder = _certificate.Store(bytes, key);
        RoleOwner.Give(Path.GetDirectoryName(folder)!, file.Role, "/");
        Say($"{file} has its certificate in {folder}.");
    }

    private async Task<byte[]> AskAsync(byte[] signingRequest, int port, CancellationToken cancellationToken)
    {
        using var client = new EnrollmentClient(file, port);
        var pause = FirstPause;
        while (true)
        {
            var wait = pause;
            try
            {
                var answer = await client.AskAsync(file.Token, signingRequest, cancellationToken);
                if (answer.IsRefused)
                {
                    throw new CommandFailedException($"The request {answer.RequestId} was refused by the site's operator; ask for the reason, and make a new node file.");
                }

                if (answer.Certificate is { } certificate)
                {
                    return certificate;
                }

                Say($"Waiting for an admin: compare the key's SHA-256, then run 'appliance pki approve {answer.RequestId}'.");
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

    // What was said last is not said again with every try.
    private void Say(string line)
    {
        if (line != _said)
        {
            console.WriteLine(_said = line);
        }
    }
}
