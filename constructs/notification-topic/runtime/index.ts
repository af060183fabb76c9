export { sendMail, type Mail } from './send-mail';
