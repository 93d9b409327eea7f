using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Commerce.Streaming.Testing;

/// <summary>An authority of one test's own, for servers and clients on this machine. Everything is a PEM file in its folder.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly DateTimeOffset ValidFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset ValidUntil = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder;
    private readonly X509Certificate2 _authority;
    private long _serial;

    public CertificateAuthority(string folder, string name = "Test authority")
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        using var key = RSA.Create(2048);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _authority = request.CreateSelfSigned(ValidFrom, ValidUntil);
        File.WriteAllText(CaFile, _authority.ExportCertificatePem());
    }

    /// <summary>What others trust.</summary>
    public string CaFile => Path.Combine(_folder, "ca.pem");

    /// <summary>A certificate for localhost and 127.0.0.1, for a server or a client, whose common name is <paramref name="name"/>.</summary>
    public IssuedCertificate Issue(string name)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var issued = request.Create(_authority, ValidFrom, ValidUntil, BitConverter.GetBytes(++_serial));
        using var pair = issued.CopyWithPrivateKey(key);
        var files = new IssuedCertificate(Path.Combine(_folder, name + ".crt"), Path.Combine(_folder, name + ".key"), Path.Combine(_folder, name + ".p12"));
        File.WriteAllText(files.CertificateFile, issued.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(files.StoreFile, pair.Export(X509ContentType.Pkcs12, IssuedCertificate.StorePassword));
        return files;
    }

    public void Dispose() => _authority.Dispose();

    private static CertificateRequest Request(string name, RSA key) => new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}

/// <summary>A certificate with its key: two PEM files, and both in one PKCS#12 file.</summary>
public sealed record IssuedCertificate(string CertificateFile, string KeyFile, string StoreFile)
{
    /// <summary>The password that the real Kafka's start script expects.</summary>
    public const string StorePassword = "commerce";
}
